#include <algorithm>
#include <cmath>

#include "audio/clip.h"
#include "descriptors/intonation.h"
#include "dsp/mel.h"
#include "evaluation/page.h"
#include "evaluation/spectral.h"
#include "evaluation/table.h"
#include "report/chooser.h"
#include "report/picture.h"
#include "report/plot.h"

namespace nr {

using report::element;
using report::Markup;

namespace {

constexpr int kMels = 96, kColumns = 260;
constexpr double kNatsShown = 80 * 0.1151;  // 80 dB

std::vector<float> shown(const std::vector<float>& samples, int rate, double seconds) {
  return {samples.begin(), samples.begin() + std::min(samples.size(), static_cast<size_t>(seconds * rate))};
}

MelSpectrogram picture_of(const std::vector<float>& samples, int rate) {
  const int window = mel_window(rate);
  const int hop = std::max(window / 16, static_cast<int>(samples.size()) / kColumns);
  return log_mel(samples, rate, window, hop, kMels);
}

// The loudest value of the picture. All pictures of an example share one scale of colours.
double brightest(const std::vector<float>& samples, int rate) {
  const MelSpectrogram mel = picture_of(samples, rate);
  return *std::max_element(mel.values.begin(), mel.values.end());
}

Markup spectrogram(const std::vector<float>& samples, int rate, double top, const std::string& title) {
  const MelSpectrogram mel = picture_of(samples, rate);
  report::PicturePlot plot;
  plot.title = title;
  plot.png = report::heat_png(mel.values, mel.frames, mel.mels, top - kNatsShown, top);
  plot.x = {"s", 0, static_cast<double>(samples.size()) / rate};
  plot.y.label = "Hz";
  for (const double hz : {500., 1000., 2000., 4000., 8000., 16000.})
    if (hz <= rate / 2.0) plot.y_ticks.push_back({hz_to_mel(hz) / hz_to_mel(rate / 2.0), report::tick_text(hz)});
  return report::picture_plot(plot);
}

Markup card(const std::vector<float>& samples, int rate, double seconds, double top, const std::string& title,
            const std::string& note = "") {
  const std::vector<float> part = shown(samples, rate, seconds);
  Markup inside = spectrogram(part, rate, top, title) + report::audio_player(wav_bytes(part, rate));
  if (!note.empty()) inside += element("p", {{"class", "note"}}, note);
  return element("div", {{"class", "card"}}, inside);
}

// Decibels on a linear axis, hertz on a logarithmic one: equal steps are heard as equal.
struct Drawn {
  report::Axis axis;
  std::vector<double> values(const std::vector<float>& physical, const Scale& scale) const {
    std::vector<double> out;
    for (const float v : physical) out.push_back(decibels ? warped(scale, v) : v);
    return out;
  }
  bool decibels;
};

Drawn drawn_as(const Scale& scale) {
  const Warp warp = scale.warp();
  const double room = 0.12 * (scale.high - scale.low), low = scale.low - room, high = scale.high + room;
  const std::string unit = std::string(scale.unit()) == "1" ? "" : scale.unit();
  if (warp == Warp::kDecibel) return {{"dB", low, high, false}, true};
  return {{unit, unwarp(warp, low), unwarp(warp, high), warp == Warp::kOctave}, false};
}

std::vector<report::Span> silent_spans(const std::vector<bool>& active, double frame_seconds, double seconds) {
  std::vector<report::Span> out;
  for (size_t i = 0, end; i < active.size(); i = end) {
    for (end = i; end < active.size() && active[end] == active[i];) ++end;
    if (!active[i] && i * frame_seconds < seconds)
      out.push_back({i * frame_seconds, std::min(end * frame_seconds, seconds)});
  }
  return out;
}

Markup curve_plot(const HeardModel& heard, const Trial& trial, size_t k, double seconds, bool with_source) {
  const Scale& scale = heard.scales[k];
  const double frame = static_cast<double>(heard.hop) / heard.observation.sample_rate;
  const Drawn drawn = drawn_as(scale);
  const Fit fit = compare(trial.asked[k], trial.measured[k], trial.active, scale);
  report::LinePlot plot;
  plot.title = scale.descriptor;
  if (!std::isnan(fit.pearson)) plot.note = "r = " + fixed_text(fit.pearson, 2);
  plot.x = {"s", 0, seconds};
  plot.y = drawn.axis;
  plot.shaded = silent_spans(trial.active, frame, seconds);
  std::vector<double> time;
  for (size_t i = 0; i < trial.active.size() && (i + 0.5) * frame <= seconds; ++i) time.push_back((i + 0.5) * frame);
  const bool held = trial.active.size() == 1;  // one latent frame for the whole clip
  if (held) time = {0, seconds};
  const auto add = [&](const std::string& style, const std::vector<float>& curve) {
    report::Series series{style, time, drawn.values(curve, scale)};
    series.y.resize(time.size(), held ? series.y[0] : 0);
    plot.series.push_back(std::move(series));
  };
  if (with_source) add("source", heard.observation.source.curves[k]);
  add("measured", trial.measured[k]);
  add("asked", trial.asked[k]);
  return report::line_plot(plot);
}

Markup legend(bool with_source) {
  Markup out = element("span", {{"class", "asked"}}, "asked") +
               element("span", {{"class", "measured"}}, "measured in the output");
  if (with_source) out += element("span", {{"class", "source"}}, "the original’s own");
  return element("div", {{"class", "legend"}}, out + element("span", {{"class", "silent"}}, "not counted: silent"));
}

std::string distance_note(const Trial& trial) {
  if (!std::isfinite(trial.training_distance)) return "";
  return "Distance to the nearest training combination: " + fixed_text(trial.training_distance, 2) + ".";
}

// Asked and measured curves, and below them spectrogram and sound.
Markup control_card(const HeardModel& heard, const Trial& trial, double seconds, double top, const std::string& note) {
  const int rate = heard.observation.sample_rate;
  const std::vector<float> part = shown(trial.audio, rate, seconds);
  Markup inside = curve_plot(heard, trial, trial.control, seconds, true) + spectrogram(part, rate, top, "") +
                  report::audio_player(wav_bytes(part, rate));
  if (!note.empty()) inside += element("p", {{"class", "note"}}, note);
  return element("div", {{"class", "card"}}, inside);
}

Markup exchanged(const HeardModel& heard, double seconds, double top) {
  const Observation& o = heard.observation;
  Markup out = element("h3", {}, heard.run + ": all controls from the other sound") + legend(true), curves, cards;
  const Trial& all = o.trials[0];
  curves += card(all.audio, o.sample_rate, seconds, top, "With all its control curves", distance_note(all));
  for (size_t k = 0; k < heard.scales.size(); ++k) curves += curve_plot(heard, all, k, seconds, true);
  out += element("div", {{"class", "curves"}}, curves);
  for (size_t i = 1; i < o.trials.size(); ++i)
    cards += control_card(heard, o.trials[i], seconds, top, distance_note(o.trials[i]));
  return out + element("h3", {}, heard.run + ": one control from the other sound, the others held") +
         element("div", {{"class", "cards"}}, cards);
}

report::Choice transposed_choice(const HeardModel& heard, const Trial& trial, double seconds, double top) {
  const Observation& o = heard.observation;
  const std::vector<float> part = shown(trial.audio, o.sample_rate, seconds);
  const double share = intonation(o.pitch, trial.pitch, std::exp2(trial.steps / 12.0)).share();
  const std::string steps = fixed_text(trial.steps, 0);
  return {trial.steps > 0 ? "+" + steps : steps,
          curve_plot(heard, trial, pitch_control(heard.scales), seconds, true) +
              spectrogram(part, o.sample_rate, top, "") + report::audio_player(wav_bytes(part, o.sample_rate)) +
              element("p", {{"class", fails(metrics().at("in_tune"), share) ? "note bad" : "note"}},
                      std::isnan(share) ? "Not measured: too few frames are asked for a pitch between 25 and 4400 Hz."
                                        : "In tune: " + fixed_text(share, 2) + " of the frames with a pitch.")};
}

Markup transposed(const HeardModel& heard, double seconds, double top) {
  const Observation& o = heard.observation;
  std::vector<report::Choice> choices;
  size_t own = 0;
  for (const Trial& trial : o.transposed) {
    if (trial.steps < 0) own = choices.size() + 1;
    if (trial.steps > 0 && choices.size() == own) choices.push_back(transposed_choice(heard, o.own, seconds, top));
    choices.push_back(transposed_choice(heard, trial, seconds, top));
  }
  return element("h3", {}, heard.run + ": the same notes, transposed") + legend(true) +
         report::chooser("Semitones", choices, own);
}

}  // namespace

double audible_seconds(const std::vector<Example>& examples) {
  double a_second = 0, longest = 0;  // a_second: bytes of one second of every sound
  for (const Example& example : examples) {
    const int rate = example.runs.empty() ? 0 : example.runs[0].observation.sample_rate;
    a_second += 2 * rate * 4.0 / 3;
    for (const HeardModel& heard : example.runs) {
      a_second +=
          heard.observation.sample_rate * 2 * 4.0 / 3 *
          (1 + heard.observation.trials.size() + heard.observation.transposed.size() +
           !heard.observation.transposed.empty() + heard.sweeps.size() + 2 * heard.played.size());
      longest =
          std::max(longest, static_cast<double>(heard.observation.original.size()) / heard.observation.sample_rate);
    }
    if (!example.donor_samples.empty()) a_second += 2 * rate * 4.0 / 3;
  }
  constexpr double kBytes = 6.2e6;  // of eight million; pictures take the rest
  return a_second > 0 ? std::min(longest, kBytes / a_second) : 0;
}

Markup example_section(const Example& example, int index, double seconds) {
  const Observation& first = example.runs[0].observation;
  const double top = brightest(shown(first.original, first.sample_rate, seconds), first.sample_rate);
  const double here = std::min(seconds, static_cast<double>(first.original.size()) / first.sample_rate);
  Markup cards = card(first.original, first.sample_rate, here, top, "Original");
  for (const HeardModel& heard : example.runs)
    cards += card(heard.observation.own.audio, heard.observation.sample_rate, here, top,
                  example.runs.size() > 1 ? "Reconstruction, " + heard.run : "Reconstruction",
                  "Multi-scale STFT distance " +
                      number_text(multi_scale_stft(heard.observation.original, heard.observation.own.audio)));
  if (!example.donor_samples.empty())
    cards += card(example.donor_samples, first.sample_rate, here, top, "The other sound",
                  example.donor + ", whose control curves are asked for below");
  Markup out = element("h2", {}, "Example " + std::to_string(index) + ": " + example.clip);
  out += element("p", {{"class", "note"}},
                 std::to_string(std::lround(100 * example.rank)) +
                     " % of the clips are reconstructed better than this one" +
                     (example.runs.size() > 1 ? " by " + example.runs[0].run : "") + ". " +
                     (here < first.original.size() / double(first.sample_rate) - 1e-6
                          ? "Its first " + number_text(here) + " s are shown."
                          : ""));
  out += element("div", {{"class", "cards"}}, cards);
  for (const HeardModel& heard : example.runs)
    if (!heard.observation.trials.empty()) out += exchanged(heard, here, top);
  for (const HeardModel& heard : example.runs)
    if (!heard.observation.transposed.empty()) out += transposed(heard, here, top);
  return out;
}

Markup played_section(const Example& example) {
  Markup out;
  for (const HeardModel& heard : example.runs) {
    if (heard.played.empty()) continue;
    const int rate = heard.observation.sample_rate;
    Markup cards;
    for (const Rendition& played : heard.played)
      cards += card(played.audio, rate, static_cast<double>(played.audio.size()) / rate, brightest(played.audio, rate),
                    played.title, played.note);
    out += element("h3", {}, heard.run) + element("div", {{"class", "cards"}}, cards);
  }
  if (out.text.empty()) return out;
  return element("h2", {}, "Played") +
         element("p", {{"class", "note"}}, "With the mean latent of “" + example.clip + "”, held.") + out;
}

Markup sweep_section(const Example& example, double seconds) {
  Markup out;
  for (const HeardModel& heard : example.runs) {
    if (heard.sweeps.empty()) continue;
    const Observation& o = heard.observation;
    const double here = std::min(seconds, static_cast<double>(o.original.size()) / o.sample_rate);
    const double top = brightest(shown(o.original, o.sample_rate, here), o.sample_rate);
    out += element("h3", {}, heard.run) + legend(true);
    Markup cards;
    for (const Trial& trial : heard.sweeps) cards += control_card(heard, trial, here, top, "");
    out += element("div", {{"class", "cards"}}, cards);
  }
  if (out.text.empty()) return out;
  return element("h2", {}, "One control at a time, from low to high") +
         element("p", {{"class", "note"}},
                 "On “" + example.clip +
                     "”, each control rises from the low to the high end of its range; the others keep the clip’s "
                     "own curves.") +
         out;
}

}  // namespace nr
