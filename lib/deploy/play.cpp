#include "deploy/play.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "export/runtime/pulses.h"

namespace nr {

bool is_noise(const nr_port& port) { return port.name == std::string("noise"); }

Playback::Playback(const Lowered& lowered)
    : lowered_(lowered), engine_(lowered.program) {
  for (const nr_port& p : lowered.outputs)
    outputs_.push_back({p.channels, std::vector<float>(size_t(p.channels) * p.frames)});
  for (Signal& s : outputs_) out_.push_back(s.rows.data());
}

int Playback::ticks(const std::vector<Signal>& inputs) const {
  if (inputs.size() != lowered_.inputs.size())
    fail("the program has ", lowered_.inputs.size(), " inputs, ", inputs.size(), " were given");
  size_t least = SIZE_MAX;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const nr_port& p = lowered_.inputs[i];
    if (inputs[i].rows.empty() && is_noise(p)) continue;
    if (inputs[i].channels != p.channels)
      fail("input '", p.name, "' has ", p.channels, " channels, ", inputs[i].channels, " were given");
    least = std::min(least, inputs[i].rows.size() / block_of(p));
  }
  return int(least);
}

const std::vector<Signal>& Playback::tick(const std::vector<Signal>& inputs, int tick) {
  in_.clear();
  for (size_t i = 0; i < inputs.size(); ++i) {
    const size_t start = tick * block_of(lowered_.inputs[i]);
    in_.push_back(inputs[i].rows.empty() ? nullptr : inputs[i].rows.data() + start);
  }
  engine_.tick(in_.data(), out_.data());
  return outputs_;
}

std::vector<Signal> play(const Lowered& lowered, const std::vector<Signal>& inputs) {
  Playback player(lowered);
  std::vector<Signal> all;
  for (const nr_port& p : lowered.outputs) all.push_back({p.channels, {}});
  for (int t = 0; t < player.ticks(inputs); ++t) {
    const std::vector<Signal>& now = player.tick(inputs, t);
    for (size_t i = 0; i < all.size(); ++i)
      all[i].rows.insert(all[i].rows.end(), now[i].rows.begin(), now[i].rows.end());
  }
  return all;
}

std::vector<int16_t> quantised(const Signal& signal, double scale) {
  std::vector<int16_t> out;
  for (const float x : signal.rows) out.push_back(int16_t(std::clamp(std::round(x / scale), -32768.0, 32767.0)));
  return out;
}

std::vector<int16_t> play_integers(const Lowered& lowered, const std::vector<std::vector<int16_t>>& inputs) {
  Engine engine(lowered.program);
  std::vector<std::vector<int16_t>> now;
  std::vector<int16_t*> out;
  for (const nr_port& p : lowered.outputs) now.emplace_back(block_of(p));
  for (auto& n : now) out.push_back(n.data());
  std::vector<int16_t> all;
  size_t ticks = SIZE_MAX;
  for (size_t i = 0; i < inputs.size(); ++i)
    if (!inputs[i].empty()) ticks = std::min(ticks, inputs[i].size() / block_of(lowered.inputs[i]));
  for (size_t t = 0; t < ticks; ++t) {
    std::vector<const int16_t*> in;
    for (size_t i = 0; i < inputs.size(); ++i)
      in.push_back(inputs[i].empty() ? nullptr : inputs[i].data() + t * block_of(lowered.inputs[i]));
    engine.tick(in.data(), out.data());
    all.insert(all.end(), now[0].begin(), now[0].end());
  }
  return all;
}

float counted_pitch(const Lowered& lowered, float pitch) {
  for (const nr_node& n : lowered.nodes)
    for (const nr_port& port : lowered.inputs)
      if (n.op == NR_PULSES && n.multiplier && port.name == std::string("controls"))
        return control_of(quantised({1, {pitch}}, port.scale)[0], n.multiplier[0]) / float(kPulseOne);
  return pitch;
}

Played play_as_shipped(const Lowered& lowered, const std::vector<Signal>& inputs) {
  if (lowered.program.precision == NR_FLOAT32) return {std::move(play(lowered, inputs)[0].rows), {}};
  std::vector<std::vector<int16_t>> integers;
  for (size_t i = 0; i < inputs.size(); ++i) integers.push_back(quantised(inputs[i], lowered.inputs[i].scale));
  Played out;
  out.exact = play_integers(lowered, integers);
  for (const int16_t x : out.exact) out.output.push_back(x * lowered.outputs[0].scale);
  return out;
}

uint32_t checksum(const std::vector<int16_t>& samples) {
  uint32_t hash = 2166136261u;
  for (const int16_t s : samples)
    for (const int byte : {s & 255, (s >> 8) & 255}) hash = (hash ^ uint32_t(byte)) * 16777619u;
  return hash;
}

double signal_to_error_db(const std::vector<float>& wanted, const std::vector<float>& heard, int latency) {
  double signal = 0, error = 1e-30;
  for (size_t i = 0; i < wanted.size() && i + latency < heard.size(); ++i) {
    const double w = wanted[i], e = w - heard[i + latency];
    signal += w * w, error += e * e;
  }
  return 10 * std::log10(std::max(signal, 1e-30) / error);
}

}  // namespace nr
