#include "synth/hexter.h"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <set>

#include "base/files.h"
#include "synth/dssi.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

constexpr const char* kBanks = "/usr/share/hexter";

class Hexter : public DssiHost {
 public:
  Hexter() : DssiHost({"hexter", "hexter.so", "hexter", "hexter", {}, {}}) {}

  const SynthParameters& parameters() const override { return dx7_parameters(); }

  std::vector<std::vector<double>> shipped() const override {
    std::vector<fs::path> files;
    if (fs::is_directory(kBanks))
      for (const auto& entry : fs::directory_iterator(kBanks))
        if (entry.path().extension() == ".dx7") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<std::vector<double>> out;
    std::set<std::vector<double>> different;
    for (const fs::path& file : files)
      for (auto& values : parse_dx7_bank(read_file(file), file.string()))
        if (different.insert(values).second) out.push_back(std::move(values));
    return out;
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
