// Effects one behind another: what a YAML file says may happen, what is drawn from it, and the drawn chain at work.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "config/value.h"
#include "effects/effect.h"

namespace nr {

// One place of a chain: an effect with a range for every parameter.
struct EffectChoice {
  const EffectKind* kind = nullptr;
  Settings low, high;  // drawn between them by each parameter's law; equal: fixed
  double mix_low = 1, mix_high = 1;  // 0: dry, 1: wet
};

struct ChainSlot {
  std::vector<EffectChoice> one_of;
  double probability = 1;  // that it is not left out
};

//   seed: 1
//   order: given                              # or drawn
//   level: rms                                # the wet sound gets the dry one's RMS; none: it does not
//   effects:
//     - tanh: {drive: [0, 40]}                # a range; parameters that are not named have their initial values
//     - one_of: [low_pass, {peak: {gain: 6, mix: 0.5}}]
//       probability: 0.5
struct ChainConfig {
  enum class Level { kNone, kRms };
  std::vector<ChainSlot> slots;
  uint64_t seed = 1;
  bool drawn_order = false;
  Level level = Level::kRms;
  config::Value source = {};  // what it was read from

  // As a field of another config: such a table, or the name of a file that holds one.
  void read(const config::Value& value, const std::string& path);
  config::Value write() const { return source; }
};
// Error with file and line for an unknown effect or parameter, and for a value that is out of range or no number.
ChainConfig read_chain(const config::Value& root);

struct ChainLink {
  const EffectKind* kind = nullptr;
  Settings settings;
  double mix = 1;
  size_t slot = 0;  // its place in the chain
};
using Links = std::vector<ChainLink>;
Links draw_links(const ChainConfig& config, Random& draw);
std::string describe(const Links& links);  // "tanh(drive 25 dB) > low_pass(cutoff 2000 Hz), mix 0.5"

// Drawn links at work on a stream: any block sizes, constant memory. Its latency is taken away: after finish(), `wet`
// got as many samples as `dry`, each beside its own.
class Chain {
 public:
  Chain(const Links& links, int sample_rate);
  void process(const float* dry, int count, std::vector<float>& wet);  // appends what is ready
  void finish(std::vector<float>& wet);                                // appends the rest; once

 private:
  struct Stage;
  void run(std::vector<float>& block, std::vector<float>& wet);
  std::vector<std::shared_ptr<Stage>> stages_;
  int latency_ = 0;
  int64_t skip_ = 0;
};

// Error that names the chain when its sound is not finite, or rises more than 60 dB above the dry sound and full scale.
void check_sound(const Links& links, double energy, float peak, float dry_peak);

// The whole sound behind the links. gain: what level-matching multiplied it by; 1 without. Error as of check_sound.
struct WetSound {
  std::vector<float> samples;
  double gain = 1;
};
WetSound apply(const Links& links, const std::vector<float>& dry, int sample_rate, ChainConfig::Level level);

}  // namespace nr
