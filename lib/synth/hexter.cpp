#include "synth/hexter.h"

#include <numeric>

#include "synth/dssi.h"

namespace nr {
namespace {

constexpr const char* kBanks = "/usr/share/hexter";

class Hexter : public DssiHost {
 public:
  Hexter() : DssiHost({"hexter", "hexter.so", "hexter", "hexter", {}, {}}) {}

  const SynthParameters& parameters() const override { return dx7_parameters(); }

  std::vector<std::vector<double>> shipped() const override {
    return presets_of_banks(kBanks, ".dx7", parse_dx7_bank);
  }

  // Its two ports, tuning and volume, keep their initial values.
  std::vector<float> play(const std::vector<double>& values, const SynthNote& note, uint64_t) override {
    return play_configured(initial_values(DssiHost::parameters()), note, "edit_buffer",
                           hexter_edit_buffer(dx7_voice(values)));
  }
};

}  // namespace

std::unique_ptr<SynthHost> make_hexter() { return std::make_unique<Hexter>(); }

std::string hexter_edit_buffer(const Dx7Voice& voice) {
  std::vector<uint8_t> bytes(4);  // program 0
  bytes.insert(bytes.end(), voice.begin(), voice.end());
  bytes.push_back(0);  // fills the structure
  const char* letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out = std::to_string(bytes.size()) + " ";
  uint32_t bits = 0;
  int count = 0;
  for (const uint8_t byte : bytes)
    for (bits = bits << 7 | byte, count += 7; count >= 6; count -= 6) out += letters[bits >> (count - 6) & 63];
  if (count > 0) out += letters[bits << (6 - count) & 63];
  return out + " " + std::to_string(std::accumulate(bytes.begin(), bytes.end(), 0));
}

}  // namespace nr
