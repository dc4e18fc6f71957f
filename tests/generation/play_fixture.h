// A melody to play, and what `play` left of it.
#pragma once
#include <gmock/gmock.h>

#include <cstring>

#include "base/files.h"
#include "generation/play.h"
#include "midi/smf.h"
#include "support/errors.h"
#include "support/temporary.h"

namespace nr {

inline std::string melody() {
  SmfTrack track;
  track.on(0, 60, 100).off(80, 60).on(100, 69, 30).bend(140, 4096).controller(160, 11, 60).off(220, 69).end(250);
  return smf({track});
}

template <class T>
std::vector<T> numbers_of(const std::filesystem::path& file) {
  const std::string bytes = read_file(file);
  std::vector<T> out(bytes.size() / sizeof(T));
  std::memcpy(out.data(), bytes.data(), out.size() * sizeof(T));
  return out;
}

inline std::vector<int16_t> samples_of(const std::filesystem::path& wav) {
  const std::vector<int16_t> all = numbers_of<int16_t>(wav);
  return {all.begin() + 22, all.end()};
}

struct Play : testing::Test {
  TemporaryFolder folder;
  PlayConfig config;
  Play() {
    config.midi = folder / "melody.mid", config.out = folder / "out.wav", config.inputs = folder / "inputs";
    config.voice.attack = config.voice.release = 0;
    write_file(config.midi, melody());
  }
  std::string refusal() {
    const std::string error = error_of([&] { play(config); });
    EXPECT_FALSE(std::filesystem::exists(config.out)) << "nothing is written";
    EXPECT_FALSE(std::filesystem::exists(config.inputs)) << "nothing is written";
    return error;
  }
};

}  // namespace nr
