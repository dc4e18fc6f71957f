// Bytes of Standard MIDI Files, for tests.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace nr {

inline std::string big_endian_bytes(uint32_t value, int count) {
  std::string out;
  for (int i = count; i-- > 0;) out += char(value >> (8 * i) & 255);
  return out;
}

inline std::string variable_length(uint32_t value) {
  std::string out(1, char(value & 127));
  while (value >>= 7) out.insert(0, 1, char((value & 127) | 128));
  return out;
}

// A track whose events are given at their ticks, in order.
struct SmfTrack {
  std::string bytes{};
  uint32_t last = 0;

  SmfTrack& raw(uint32_t tick, const std::string& event) {
    bytes += variable_length(tick - last) + event, last = tick;
    return *this;
  }
  SmfTrack& add(uint32_t tick, std::initializer_list<int> event) {
    std::string out;
    for (const int byte : event) out += char(byte);
    return raw(tick, out);
  }
  SmfTrack& on(uint32_t tick, int key, int velocity = 127, int channel = 0) {
    return add(tick, {0x90 + channel, key, velocity});
  }
  SmfTrack& off(uint32_t tick, int key, int channel = 0) { return add(tick, {0x80 + channel, key, 64}); }
  SmfTrack& controller(uint32_t tick, int number, int value, int channel = 0) {
    return add(tick, {0xb0 + channel, number, value});
  }
  SmfTrack& bend(uint32_t tick, int value) {  // -8192 to 8191
    return add(tick, {0xe0, (value + 8192) & 127, (value + 8192) >> 7});
  }
  SmfTrack& tempo(uint32_t tick, uint32_t microseconds) {
    return raw(tick, "\xff\x51\x03" + big_endian_bytes(microseconds, 3));
  }
  SmfTrack& end(uint32_t tick) { return add(tick, {0xff, 0x2f, 0}); }
};

// division 500 with the tempo of the beginning: a tick is a millisecond.
inline std::string smf(const std::vector<SmfTrack>& tracks, int format = 1, int division = 500) {
  std::string out = "MThd" + big_endian_bytes(6, 4) + big_endian_bytes(format, 2) +
                    big_endian_bytes(uint32_t(tracks.size()), 2) + big_endian_bytes(division, 2);
  for (const SmfTrack& track : tracks) out += "MTrk" + big_endian_bytes(uint32_t(track.bytes.size()), 4) + track.bytes;
  return out;
}

}  // namespace nr
