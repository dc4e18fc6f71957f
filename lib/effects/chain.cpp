#include "effects/chain.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace nr {

struct Chain::Stage {
  std::unique_ptr<Effect> effect;
  float mix;
  std::vector<float> late;  // the dry samples of the effect's latency
  std::vector<float> dry;

  void process(std::vector<float>& block) {
    if (mix < 1) {
      dry = late;
      dry.insert(dry.end(), block.begin(), block.end());
      late.assign(dry.end() - std::ptrdiff_t(late.size()), dry.end());
    }
    effect->process(block.data(), int(block.size()));
    if (mix < 1)
      for (size_t i = 0; i < block.size(); ++i) block[i] = dry[i] + mix * (block[i] - dry[i]);
  }
};

Chain::Chain(const Links& links, int sample_rate) {
  for (const ChainLink& link : links) {
    auto stage = std::make_shared<Stage>();
    stage->effect = link.kind->make(link.settings, sample_rate);
    stage->mix = float(link.mix);
    stage->late.resize(size_t(stage->effect->latency()));
    latency_ += stage->effect->latency();
    stages_.push_back(std::move(stage));
  }
  skip_ = latency_;
}

void Chain::run(std::vector<float>& block, std::vector<float>& wet) {
  for (const auto& stage : stages_) stage->process(block);
  const auto cut = std::min<int64_t>(skip_, int64_t(block.size()));
  wet.insert(wet.end(), block.begin() + cut, block.end());
  skip_ -= cut;
}

void Chain::process(const float* dry, int count, std::vector<float>& wet) {
  std::vector<float> block(dry, dry + count);
  run(block, wet);
}

void Chain::finish(std::vector<float>& wet) {
  std::vector<float> silence(size_t(latency_), 0.f);
  run(silence, wet);
}

namespace {

double energy(const std::vector<float>& samples) {
  double sum = 0;
  for (const float x : samples) sum += double(x) * x;
  return sum;
}
float peak(const std::vector<float>& samples) {
  float most = 0;
  for (const float x : samples) most = std::max(most, std::fabs(x));
  return most;
}

}  // namespace

void check_sound(const Links& links, double energy, float peak, float dry_peak) {
  if (!std::isfinite(energy)) fail("effects ", describe(links), ": the sound is not finite");
  if (peak > 1000 * std::max(1.f, dry_peak))
    fail("effects ", describe(links), ": the sound blows up, to ", peak, " of full scale");
}

WetSound apply(const Links& links, const std::vector<float>& dry, int sample_rate, ChainConfig::Level level) {
  WetSound out;
  out.samples.reserve(dry.size());
  Chain chain(links, sample_rate);
  chain.process(dry.data(), int(dry.size()), out.samples);
  chain.finish(out.samples);
  const double wet = energy(out.samples), before = energy(dry);
  check_sound(links, wet, peak(out.samples), peak(dry));
  if (level == ChainConfig::Level::kRms && wet > 0 && before > 0) {
    out.gain = std::sqrt(before / wet);
    for (float& x : out.samples) x = float(x * out.gain);
  }
  return out;
}

}  // namespace nr
