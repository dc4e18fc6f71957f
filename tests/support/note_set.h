// A small set of notes: two instruments, a tone with and one without even partials, over some keys, three takes each.
#pragma once
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "audio/clip.h"
#include "base/files.h"
#include "base/random.h"
#include "config/value.h"

namespace nr {

constexpr int kNoteRate = 8000, kNoteSamples = 2048;

inline std::vector<float> small_note(int key, bool even, uint64_t seed) {
  Random random(seed, key, even);
  const double hz = 440 * std::pow(2, (key - 69) / 12.0);
  const double level = random.uniform(0.2, 0.5), phase = random.uniform(0, 6);
  std::vector<float> out(kNoteSamples);
  for (int i = 0; i < kNoteSamples; ++i) {
    const double t = double(i) / kNoteRate;
    for (int h = 1; h * hz < kNoteRate / 2.2; h += even ? 1 : 2)
      out[size_t(i)] += float(level / h * std::exp(-3 * t) * std::sin(6.283185307 * h * hz * t + phase * h));
  }
  return out;
}

// flute-ord-C4-1.wav ...: names say what they are.
inline void write_notes(const std::filesystem::path& folder, int low = 60, int high = 71) {
  std::filesystem::create_directories(folder);
  static const char* const names[12] = {"C", "Cs", "D", "Ds", "E", "F", "Fs", "G", "Gs", "A", "As", "B"};
  for (const bool even : {false, true})
    for (int key = low; key <= high; ++key)
      for (int take = 0; take < 3; ++take)
        write_wav(folder / (std::string(even ? "oboe" : "clarinet") + "-ord-" + names[key % 12] +
                            std::to_string(key / 12 - 1) + "-" + std::to_string(take) + ".wav"),
                  small_note(key, even, uint64_t(take)), kNoteRate);
}

// Sets what makes a config of configs/wae or configs/vocoder a small run over such notes.
inline void make_small_notes(config::Value& root, const std::filesystem::path& notes,
                             const std::filesystem::path& cache) {
  for (const auto& [key, yaml] : std::vector<std::pair<std::string, std::string>>{
           {"device", "cpu"},
           {"data.inputs", "[" + notes.string() + "]"},
           {"data.cache", cache.string()},
           {"data.sample_rate", "8000"},
           {"data.segment", "2048"},
           {"data.test", "0.2"},
           {"data.validation", "0.2"},
           {"data.group", "\"\""},
           {"data.balance", "\"\""},
           {"descriptors.window", "512"},
           {"descriptors.hop", "128"},
           {"model.window", "512"},
           {"model.step", "128"},
           {"model.mels", "32"},
           {"model.frames", "16"},
           {"model.high", "4000"},
           {"training.batch", "8"},
           {"training.validation_batches", "1"}})
    config::set(root, key, yaml);
}

inline void make_small_wae(config::Value& root, const std::filesystem::path& notes,
                           const std::filesystem::path& cache) {
  make_small_notes(root, notes, cache);
  for (const auto& [key, yaml] : std::vector<std::pair<std::string, std::string>>{
           {"data.classes.octave", "['4', '5']"},
           {"data.classes.instrument", "[oboe, clarinet]"},
           {"data.classes.style", "[ord, other]"},
           {"model.channels", "2"},
           {"model.layers", "3"},
           {"model.widths", "[16]"},
           {"model.condition_widths", "[8]"},
           {"model.decoder_kernels", "[3, 3, 3]"},
           {"model.griffin_lim", "3"},
           {"training.latent_discriminator.width", "8"}})
    config::set(root, key, yaml);
}

}  // namespace nr
