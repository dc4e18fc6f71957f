#include "evaluation/observe.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "base/random.h"
#include "evaluation/results.h"
#include "evaluation/table.h"
#include "evaluation/tiny_rave.h"
#include "support/errors.h"
#include "support/signals.h"

namespace nr {
namespace {

TEST(Observe, BringsTheLateOutputBackInTime) {
  const TrainedModel trained = tiny(0);
  const int delay = trained.model->graphs().delay;
  ASSERT_GT(delay, 0);
  const auto x = chirp(5000, 200, 3000);
  const int lead = trained.config.descriptors.window;  // of silence
  auto audio = torch::zeros({1, 1, lead + 40 * 128 + lead + (delay + 127) / 128 * 128});
  std::copy(x.begin(), x.end(), audio.data_ptr<float>() + lead);
  torch::NoGradGuard no_grad;
  const auto encoded = trained.model->encode(audio);
  const auto late = trained.model->decode(encoded.posterior.mean, {}).audio,
             bank = trained.model->synthesise(encoded.bands);
  const Observation o = observe(trained, make_sound(trained, "a", x), nullptr, TrainingCombinations({}, 1));
  double error = 0, power = 0;
  for (int i = 0; i < 5000; ++i) {
    EXPECT_NEAR(o.own.audio[i], late[0][0][lead + i + delay].item<float>(), 1e-5);
    error += std::pow(bank[0][0][lead + i + delay].item<float>() - x[i], 2);
    power += x[i] * x[i];
  }
  EXPECT_LT(error / power, 1e-5);  // the delay is the filter bank's; without it the bank gives the input back
}

TEST(Observe, GivesEveryTrialTheLengthOfTheClipAndItsFramesTheLatentRate) {
  const TrainedModel trained = tiny(2);
  const Sound a = make_sound(trained, "a", chirp(5000, 200, 3000)),
              b = make_sound(trained, "b", chirp(2000, 2000, 300));
  const Observation o = observe(trained, a, &b, TrainingCombinations({}, 1));
  EXPECT_EQ(a.frames, 40);
  EXPECT_EQ(o.own.audio.size(), 5000u);
  ASSERT_EQ(o.trials.size(), 3u);
  for (const Trial& t : o.trials) {
    EXPECT_EQ(t.audio.size(), 5000u);
    EXPECT_EQ(t.active.size(), 40u);
    for (const auto& curve : t.measured) EXPECT_EQ(curve.size(), 40u);
  }
}

TEST(Observe, ExchangesAllCurvesAndThenEachAlone) {
  const TrainedModel trained = tiny(2);
  const Sound a = make_sound(trained, "a", chirp(5000, 200, 3000)),
              b = make_sound(trained, "b", chirp(5000, 2000, 300));
  const Observation o = observe(trained, a, &b, TrainingCombinations({}, 1));
  const auto own = [&](int k) { return bounded(a.measured.curves[k], trained.scales[k]); };
  const auto donor = [&](int k) { return bounded(b.measured.curves[k], trained.scales[k]); };
  EXPECT_EQ(o.trials[0].asked, (Curves{donor(0), donor(1)}));
  EXPECT_EQ(o.trials[1].asked, (Curves{donor(0), own(1)}));
  EXPECT_EQ(o.trials[2].asked, (Curves{own(0), donor(1)}));
}

TEST(Observe, MeasuresExchangedCurvesAtAnotherWindowToo) {
  const TrainedModel trained = tiny(3);  // rms, centroid, pitch
  const Sound a = make_sound(trained, "a", chirp(5000, 200, 3000)),
              b = make_sound(trained, "b", chirp(5000, 2000, 300));
  const Observation o = observe(trained, a, &b, TrainingCombinations({}, 1));
  EXPECT_TRUE(o.own.other_asked.empty());
  ASSERT_EQ(o.trials.size(), 4u);
  const std::vector<float> later(b.samples.begin() + 64, b.samples.end());  // half a hop
  const Curves donor = analyse(later, {"rms", "centroid"}, {16000, 512, 128});
  for (int i = 4; i < 35; ++i)
    for (int k = 0; k < 2; ++k)
      EXPECT_NEAR(o.trials[0].other_asked[k][i], donor[k][i], 1e-4 * donor[k][i]) << k << " " << i;
  EXPECT_EQ(o.trials[1].other_asked[0], o.trials[0].other_asked[0]);
  EXPECT_NE(o.trials[1].other_asked[1], o.trials[0].other_asked[1]);
  EXPECT_TRUE(o.trials[0].other_asked[2].empty());
  const std::vector<float> decoded(o.trials[0].audio.begin() + 64, o.trials[0].audio.end());
  const Curves measured = analyse(decoded, {"rms"}, {16000, 512, 128});
  for (int i = 4; i < 35; ++i) EXPECT_NEAR(o.trials[0].other_measured[0][i], measured[0][i], 1e-3 * measured[0][i]);
}

TEST(Observe, TransposesTheClipsOwnPitchAndNothingElse) {
  const TrainedModel trained = tiny(3);
  const Sound a = make_sound(trained, "a", harmonic(300, 16000, 8192)),
              b = make_sound(trained, "b", harmonic(500, 16000, 8192));
  const Observation o = observe(trained, a, &b, TrainingCombinations({}, 1));
  EXPECT_EQ(o.trials.size(), 4u);
  ASSERT_EQ(o.transposed.size(), 4u);
  for (size_t i = 0; i < 4; ++i) {
    const Trial& trial = o.transposed[i];
    EXPECT_EQ(trial.control, Trial::kTransposed);
    EXPECT_EQ(trial.steps, kTranspositions[i]);
    EXPECT_EQ(trial.asked[0], o.own.asked[0]);
    EXPECT_EQ(trial.asked[1], o.own.asked[1]);
    EXPECT_NEAR(o.own.asked[2][30], 300, 2);
    EXPECT_NEAR(1200 * std::log2(trial.asked[2][30] / o.own.asked[2][30]), 100 * kTranspositions[i], 0.1);
    EXPECT_EQ(trial.audio.size(), 8192u);
    EXPECT_EQ(trial.pitch.size(), o.pitch.size());
  }
  EXPECT_TRUE(observe(tiny(2), a, nullptr, TrainingCombinations({}, 1)).transposed.empty());
  EXPECT_EQ(observe(trained, a, nullptr, TrainingCombinations({}, 1)).transposed.size(), 4u);
}

TEST(Observe, JudgesThePitchOfTheOriginalAndOfWhatIsDecoded) {
  const TrainedModel trained = tiny(2);
  const Observation o =
      observe(trained, make_sound(trained, "a", harmonic(300, 16000, 8192)), nullptr, TrainingCombinations({}, 1));
  EXPECT_NEAR(o.pitch.hz[15], 300, 0.2);
  EXPECT_EQ(o.own.pitch.hz, Swipe(16000).track(o.own.audio).hz);
}

TEST(Observe, LetsAShortDonorBeginAgainFromSilence) {
  const TrainedModel trained = tiny(2);
  const Sound a = make_sound(trained, "a", chirp(5000, 200, 3000)),
              b = make_sound(trained, "b", chirp(2048, 2000, 300));
  const Trial all = observe(trained, a, &b, TrainingCombinations({}, 1)).trials[0];
  const Curves donor{bounded(b.measured.curves[0], trained.scales[0]),
                     bounded(b.measured.curves[1], trained.scales[1])};
  for (int i = 0; i < 16; ++i)
    for (const int at : {i, 24 + i})
      for (int k = 0; k < 2; ++k) EXPECT_EQ(all.asked[k][at], donor[k][i]) << at;
  for (int at = 16; at < 24; ++at) {  // a window's length
    EXPECT_FALSE(all.active[at]);
    EXPECT_FLOAT_EQ(all.asked[0][at], trained.scales[0].physical(-1));
    EXPECT_EQ(all.asked[1][at], donor[1][0]) << at;  // silence has no centroid: the next sounding frame's
  }
}

// Windows at the clip's ends see the sound beyond them. A cut there would be measured as a click, which is not heard.
TEST(Observe, MeasuresWhatGoesOnAtTheClipsEnds) {
  const TrainedModel trained = tiny(2);
  const int lead = trained.config.descriptors.window, delay = trained.model->graphs().delay, samples = 5120;
  const Sound a = make_sound(trained, "a", chirp(samples, 200, 3000)),
              b = make_sound(trained, "b", chirp(2 * samples, 2000, 300));
  const Trial all = observe(trained, a, &b, TrainingCombinations({}, 1)).trials[0];

  const int frames = 8 + 40 + 8 + (delay + 127) / 128;
  auto audio = torch::zeros({1, 1, frames * 128});
  std::copy(a.samples.begin(), a.samples.end(), audio.data_ptr<float>() + lead);
  auto controls = torch::empty({1, 2, frames});
  for (int k = 0; k < 2; ++k)
    for (int i = 0; i < frames; ++i)
      controls[0][k][i] = i < 8 ? (k ? trained.scales[1].normalise(b.measured.curves[1][0]) : -1)
                                : trained.scales[k].normalise(b.measured.curves[k][i - 8]);
  torch::NoGradGuard no_grad;
  const auto played =
      trained.model->decode(trained.model->encode(audio).posterior.mean, controls).audio[0][0].contiguous();
  const float* first = played.data_ptr<float>() + delay;
  const auto measured = [&](const std::vector<float>& x) {
    return measure_curves(x, 0, x.size(), trained.scales, {16000, 1024, 128}, 128).curves;
  };
  const Curves around = measured({first, first + lead + samples + lead}),
               cut = measured({first + lead, first + lead + samples});
  for (int k = 0; k < 2; ++k)
    for (int i = 0; i < 40; ++i)
      EXPECT_NEAR(all.measured[k][i], around[k][8 + i], 1e-4 * around[k][8 + i]) << k << " " << i;
  EXPECT_GT(all.measured[0][39], 1.1 * cut[0][39]);
}

TEST(Observe, AsksNothingOfAModelWithoutControls) {
  const TrainedModel trained = tiny(0);
  const Sound a = make_sound(trained, "a", chirp(3000, 200, 3000)), b = make_sound(trained, "b", chirp(3000, 200, 300));
  const Observation o = observe(trained, a, &b, TrainingCombinations({}, 1));
  EXPECT_TRUE(o.trials.empty());
  EXPECT_EQ(o.own.audio.size(), 3000u);
  EXPECT_TRUE(sweep(trained, a, TrainingCombinations({}, 1)).empty());
}

TEST(Observe, OfAModelThatIgnoresItsControlsFindsTheReconstructionInEveryTrial) {
  TrainedModel trained = tiny(2);
  {
    torch::NoGradGuard no_grad;  // the weights that read the two controls behind three latents
    for (auto& item : trained.model->decoder().named_parameters())
      if (item.value().dim() == 3 && item.value().size(1) == 5) item.value().narrow(1, 3, 2).zero_();
  }
  const Sound a = make_sound(trained, "a", chirp(5000, 200, 3000)),
              b = make_sound(trained, "b", chirp(5000, 2000, 300));
  const Observation o = observe(trained, a, &b, TrainingCombinations({}, 1));
  EXPECT_EQ(o.trials[0].audio, o.own.audio);
  for (const Number& n : metrics().at("control_movement").measure(o, trained.scales))
    if (n.part == "own" || n.part == "others") {
      EXPECT_EQ(n.value, 0);
    }
}

TEST(Observe, RefusesAModelThatHasDiverged) {
  TrainedModel trained = tiny(0);
  {
    torch::NoGradGuard no_grad;
    trained.model->decoder().parameters().front().fill_(std::numeric_limits<float>::quiet_NaN());
  }
  const Sound a = make_sound(trained, "a.wav", chirp(3000, 200, 3000));
  EXPECT_EQ(error_of([&] { observe(trained, a, nullptr, TrainingCombinations({}, 1)); }),
            "a.wav: the model's output is not finite; has its training diverged?");
}

TEST(Sweep, AsksFromOneEndOfEachControlToTheOther) {
  const TrainedModel trained = tiny(2);
  const Sound a = make_sound(trained, "a", chirp(5000, 200, 3000));
  const auto trials = sweep(trained, a, TrainingCombinations({}, 1));
  ASSERT_EQ(trials.size(), 2u);
  EXPECT_NEAR(trials[1].asked[1].front(), 128, 1e-2);
  EXPECT_NEAR(trials[1].asked[1].back(), 4096, 1e-1);
  EXPECT_EQ(trials[1].asked[0], bounded(a.measured.curves[0], trained.scales[0]));
}

TEST(Metrics, OfAPerfectAnswerAreOneAndZero) {
  const TrainedModel trained = tiny(2);
  const Sound a = make_sound(trained, "a", chirp(5000, 200, 3000)),
              b = make_sound(trained, "b", chirp(5000, 2000, 300));
  Observation o = observe(trained, a, &b, TrainingCombinations({}, 1));
  o.own.audio = o.original;
  for (Trial& t : o.trials) t.measured = t.asked;
  for (size_t k = 0; k < 2; ++k) o.own.measured[k] = o.own.asked[k];
  const auto headline = [&](const char* name) { return metrics().at(name).measure(o, trained.scales).front().value; };
  for (const char* name : {"control_pearson_own", "control_pearson_all", "control_spearman_all", "control_pearson_one",
                           "control_spearman_one"})
    EXPECT_NEAR(headline(name), 1, 1e-6) << name;
  for (const char* name : {"control_l1_own", "control_l1_all", "control_l1_one", "multi_scale_stft", "log_mel_l1"})
    EXPECT_NEAR(headline(name), 0, 1e-6) << name;
  for (float& v : o.own.measured[0]) v *= 0.5f;  // 6 dB too soft: wrong for the own curves, and for no others
  const double range = trained.scales[0].high - trained.scales[0].low;
  ASSERT_EQ(trained.scales[0].descriptor, "rms");
  EXPECT_NEAR(headline("control_l1_own"), 20 * std::log10(2.0) * 2 / range / 2, 1e-4);
  EXPECT_NEAR(headline("control_l1_all"), 0, 1e-6);
}

TEST(Observe, CyclesThroughWhatAllExchangedControlsGave) {
  const TrainedModel trained = tiny(3);
  const Sound a = make_sound(trained, "a", chirp(5000, 200, 3000)),
              b = make_sound(trained, "b", chirp(5000, 2000, 300));
  const TrainingCombinations combinations({{0, 0}}, 1);
  const Observation o = observe(trained, a, &b, combinations);
  ASSERT_EQ(o.cycled.size(), a.samples.size());
  EXPECT_NE(o.cycled, o.own.audio);
  Sound again = a;  // the clip's own controls with the sound that the others gave
  again.samples = o.trials[0].audio;
  EXPECT_EQ(observe(trained, again, nullptr, combinations).own.audio, o.cycled);
  EXPECT_TRUE(observe(trained, a, nullptr, combinations).cycled.empty());
  EXPECT_TRUE(observe(trained, a, &b, combinations, true).cycled.empty());
}

TEST(Metrics, NameTheirPartsOnceEach) {
  const TrainedModel trained = tiny(3);
  const Sound a = make_sound(trained, "a", chirp(5000, 200, 3000)),
              b = make_sound(trained, "b", chirp(5000, 2000, 300));
  Observation o = observe(trained, a, &b, TrainingCombinations({{0, 0}}, 1));
  o.cdpam = {0.5, 0.6, 0.1, {1, 2}, {1, 3}, {2, 2}};  // as with its weights
  for (const Metric& m : metrics().rows) {
    std::vector<std::string> parts;
    if (m.means) {  // evaluate() puts a headline before them
      EXPECT_EQ(m.means(o, trained.scales).size(), trained.scales.size());
      continue;
    }
    if (m.adds) {  // of the set
      const std::vector<double> added = m.adds(o, trained.scales);
      const auto values = m.of_set({added, added}, trained.scales, o.sample_rate);
      ASSERT_EQ(values.size(), 2u) << m.name;
      EXPECT_EQ(values[0].front().part, "") << m.name;
      continue;
    }
    if (!m.measure) {  // evaluations of their own: evaluation/{prior,synthesizer,notes,vocoders}.cpp
      const std::string name = m.name, first = name.substr(0, name.find('_'));
      const std::set<std::string> theirs{"prior",  "parameter", "resynthesis", "reconstruction", "note",
                                         "latent", "probe",     "mixing",      "vocoder",        "effect",
                                         "digit",  "active",    "knob"},
          of_notes{"control_semitone", "control_octave", "control_style"};
      EXPECT_TRUE(theirs.count(first) || of_notes.count(name)) << name;
      continue;
    }
    for (const Number& n : m.measure(o, trained.scales)) {
      EXPECT_EQ(std::count(parts.begin(), parts.end(), n.part), 0) << m.name << " " << n.part;
      parts.push_back(n.part);
    }
    ASSERT_FALSE(parts.empty());
    EXPECT_EQ(parts.front(), "") << m.name;
  }
}

}  // namespace
}  // namespace nr
