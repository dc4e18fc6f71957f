// Measures of sounds whose answer is known.
#include "evaluation/effect_rows.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

#include "evaluation/statistics.h"
#include "support/signals.h"

namespace nr {
namespace {

TEST(EffectSounds, OfAChainWithoutAnEffectDoNotDecideTheMeanOfThoseThatHaveOne) {
  EffectsSubject subject;
  subject.config.data.sample_rate = 16000;
  EffectPairs pairs;
  std::vector<std::vector<float>> found;
  std::vector<torch::Tensor> wet;
  for (const char* kind : {"nothing", "tanh", "tanh"}) {
    std::vector<float> sound = sine(440, 16000, 16000, 0.5);
    wet.push_back(torch::tensor(sound).view({1, -1}));
    if (kind == std::string("tanh"))
      for (size_t i = 0; i < sound.size(); i += 2) sound[i] = 0;  // as loud an error as what is left
    pairs.kinds.push_back(kind), pairs.names.push_back(text("pair ", found.size()));
    found.push_back(sound);
  }
  pairs.wet = torch::stack(wet);
  RunResult result;
  result.clips = pairs.names;
  measure_sounds(subject, pairs, found, 0, result);
  const auto mean_of = [&](const char* part) { return mean(finite(result.find("effect_si_sdr", part)->values)); };
  EXPECT_NEAR(mean_of("with an effect"), 0, 0.1);
  EXPECT_GT(mean_of("nothing"), 100);
  EXPECT_GT(mean_of(""), 30);
}

}  // namespace
}  // namespace nr
