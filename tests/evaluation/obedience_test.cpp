// The control metrics from samples to numbers: a decoder that obeys its control scores high, and the same decoder
// without the weights that read the control scores low.
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

#include "base/random.h"
#include "evaluation/observe.h"
#include "evaluation/statistics.h"
#include "evaluation/table.h"

namespace nr {
namespace {

constexpr int kLatents = 5, kFrames = 64, kHop = 128, kClips = 8;

// A curve of positions over most of the control's range: a sum of slow sines.
std::vector<float> wandering(int frames, uint64_t seed) {
  Random random(seed);
  std::vector<float> out(frames);
  for (int partial = 1; partial <= 4; ++partial) {
    const double cycles = random.uniform(0.3, 1.3) * partial, phase = random.uniform(0, 6.3);
    for (int i = 0; i < frames; ++i)
      out[i] += static_cast<float>(0.6 / std::sqrt(partial) * std::sin(6.283 * cycles * i / frames + phase));
  }
  for (float& v : out) v = std::tanh(v);
  return out;
}

TrainedModel model_with_level() {
  RaveConfig config;
  config.bands = 4, config.capacity = 4, config.ratios = {4, 4, 2}, config.latent_size = kLatents;
  torch::manual_seed(1);
  TrainedModel out;
  out.model = std::make_shared<Autoencoder>(config, 1);
  out.model->eval();
  out.config.data.sample_rate = 16000;
  out.config.descriptors.hop = kHop, out.config.descriptors.window = 256, out.config.descriptors.controls = {"rms"};
  Scale scale;
  scale.descriptor = "rms", scale.low = -40, scale.high = -10;
  out.scales = {scale};
  return out;
}

// Trains the decoder alone, so that each frame's level is the one that its control asks for.
void teach_level(TrainedModel& trained) {
  const Scale& scale = trained.scales[0];
  const int delay = trained.model->graphs().delay, lag = (delay + kHop - 1) / kHop, batch = 8;
  torch::optim::Adam adam(trained.model->decoder().parameters(), torch::optim::AdamOptions(1e-2));
  for (int step = 0; step < 150; ++step) {
    auto asked = torch::empty({batch, 1, kFrames + lag});
    for (int row = 0; row < batch; ++row) {
      std::vector<float> curve = wandering(kFrames + lag, 1000 + step * batch + row);
      std::copy(curve.begin(), curve.end(), asked[row].data_ptr<float>());
    }
    const auto audio = trained.model->decode(torch::randn({batch, kLatents, kFrames + lag}), asked).audio;
    const auto frames = audio.narrow(2, delay, kFrames * kHop).reshape({batch, kFrames, kHop});
    const auto level = 10 * torch::log10(frames.square().mean(2) + 1e-7);
    const auto wanted = scale.low + (asked.narrow(2, 0, kFrames).squeeze(1) + 1) / 2 * (scale.high - scale.low);
    adam.zero_grad();
    torch::mse_loss(level, wanted).backward();
    adam.step();
  }
}

void make_deaf(TrainedModel& trained) {
  const torch::NoGradGuard no_grad;
  int made = 0;
  for (auto& item : trained.model->decoder().named_parameters())
    if (item.value().dim() == 3 && item.value().size(1) == kLatents + 1) {
      item.value().narrow(1, kLatents, 1).zero_();
      ++made;
    }
  ASSERT_EQ(made, 1) << "one layer reads the control behind the latents";
}

Sound noise_that_wanders(const TrainedModel& trained, uint64_t seed) {
  Random random(seed, 7);
  const std::vector<float> curve = wandering(kFrames, seed);
  std::vector<float> out(kFrames * kHop);
  for (size_t i = 0; i < out.size(); ++i)
    out[i] = trained.scales[0].physical(curve[i / kHop]) * static_cast<float>(random.normal());
  return make_sound(trained, "clip " + std::to_string(seed), std::move(out));
}

// The mean over clips of a metric's headline. Each clip gets the curves of the next.
double score(const TrainedModel& trained, const std::string& metric) {
  std::vector<double> values;
  for (int i = 0; i < kClips; ++i) {
    const Sound clip = noise_that_wanders(trained, i), donor = noise_that_wanders(trained, (i + 1) % kClips);
    const Observation o = observe(trained, clip, &donor, TrainingCombinations({}, 1));
    values.push_back(metrics().at(metric).measure(o, trained.scales).front().value);
  }
  return mean(values);
}

TEST(ControlMetrics, ScoreAnObedientDecoderHighAndTheSameMadeDeafLow) {
  TrainedModel trained = model_with_level();
  teach_level(trained);
  for (const char* metric : {"control_pearson_own", "control_pearson_all", "control_pearson_one",
                             "control_spearman_all", "control_spearman_one"})
    EXPECT_GT(score(trained, metric), 0.9) << metric;
  EXPECT_LT(score(trained, "control_l1_all"), 0.2);

  make_deaf(trained);
  for (const char* metric :
       {"control_pearson_all", "control_pearson_one", "control_spearman_all", "control_spearman_one"})
    EXPECT_LT(score(trained, metric), 0.3) << metric;
  EXPECT_GT(score(trained, "control_l1_all"), 0.3);
}

}  // namespace
}  // namespace nr
