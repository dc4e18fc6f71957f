#include "deploy/pack.h"

namespace nr {
namespace {

// weight[output][tap][channel] laid out as the stretches are: [output][runs][run], zeros between.
template <class T, class W>
std::vector<T> spread(const std::vector<W>& weight, int outputs, int taps, const Stretches& s, int rounded_outputs) {
  const int run = s.run();
  std::vector<T> out(size_t(rounded_outputs) * s.runs * run, 0);
  for (int o = 0; o < outputs; ++o)
    for (int k = 0; k < taps; ++k)
      for (int c = 0; c < s.channels; ++c)
        out[(size_t(o) * s.runs + k / s.taps) * run + (k % s.taps) * s.pitch + c] =
            T(weight[(size_t(o) * taps + k) * s.channels + c]);
  return out;
}

}  // namespace

Filter pad_phases(const Filter& f, int pitch) {
  const int channels = f.outputs / f.phases;
  if (f.phases == 1 || channels == pitch) return f;
  Filter out = f;
  out.outputs = f.phases * pitch;
  const size_t size = size_t(f.taps) * f.channels;
  out.weight.assign(out.outputs * size, 0), out.bias.assign(out.outputs, 0);
  for (int p = 0; p < f.phases; ++p)
    for (int o = 0; o < channels; ++o) {
      const size_t from = size_t(p) * channels + o, to = size_t(p) * pitch + o;
      out.bias[to] = f.bias[from];
      for (size_t i = 0; i < size; ++i) out.weight[to * size + i] = f.weight[from * size + i];
    }
  return out;
}

Filter pad_to_even(Filter f) {
  if (f.phases > 1 || f.outputs % 2 == 0) return f;
  ++f.outputs;
  f.weight.resize(size_t(f.outputs) * f.taps * f.channels), f.bias.push_back(0);
  return f;
}

std::vector<float> pack_float(const Filter& f, const Stretches& s) {
  const int groups = (f.outputs + 3) / 4;
  const size_t size = size_t(s.runs) * s.run();
  const std::vector<float> flat = spread<float>(f.weight, f.outputs, f.taps, s, groups * 4);
  std::vector<float> out;
  out.reserve(flat.size());
  for (int g = 0; g < groups; ++g)
    for (size_t i = 0; i < size; ++i)
      for (int j = 0; j < 4; ++j) out.push_back(flat[(size_t(g) * 4 + j) * size + i]);
  return out;
}

std::vector<int8_t> pack_int8(const std::vector<int16_t>& weight, int outputs, int taps, const Stretches& s) {
  const int pairs = (outputs + 1) / 2;
  const size_t size = size_t(s.runs) * s.run();
  const std::vector<int8_t> flat = spread<int8_t>(weight, outputs, taps, s, pairs * 2);
  std::vector<int8_t> out;
  out.reserve(flat.size());
  for (int p = 0; p < pairs; ++p)
    for (size_t i = 0; i < size; i += 4)
      for (int j = 0; j < 2; ++j)
        for (const int k : {0, 2, 1, 3}) out.push_back(flat[(size_t(p) * 2 + j) * size + i + k]);
  return out;
}

std::vector<int16_t> pack_int16(const std::vector<int16_t>& weight, int outputs, int taps, const Stretches& s) {
  const int pairs = (outputs + 1) / 2;
  const size_t size = size_t(s.runs) * s.run();
  const std::vector<int16_t> flat = spread<int16_t>(weight, outputs, taps, s, pairs * 2);
  std::vector<int16_t> out;
  out.reserve(flat.size());
  for (int p = 0; p < pairs; ++p)
    for (size_t i = 0; i < size; i += 2)
      for (int j = 0; j < 2; ++j)
        for (int k = 0; k < 2; ++k) out.push_back(flat[(size_t(p) * 2 + j) * size + i + k]);
  return out;
}

}  // namespace nr
