#include "deploy/tensor_excitation.h"

#include "export/runtime/noise.h"
#include "export/runtime/pulses.h"

namespace nr {
namespace {

constexpr int64_t kOne32 = int64_t{1} << 32;

Tensors truncated(Tensors x, int64_t divisor) {
  return x.to->add(TensorOp::kTruncDivide, {x, x.to->integer(divisor)});
}
Tensors shifted(Tensors x, Tensors power) { return x.to->add(TensorOp::kFloorDivide, {x, power}); }
Tensors at_least(Tensors x, int64_t least) { return where(x < least, x.to->integer(least), x); }
Tensors at_most(Tensors x, int64_t most) { return where(most < x, x.to->integer(most), x); }

// A step of the generator, repeated: state -> factor * state + term.
struct Jump {
  uint32_t factor = 1, term = 0;
  Jump after(const Jump& first) const { return {factor * first.factor, factor * first.term + term}; }
};

// 2^n for n of 0 ... 15.
Tensors power_of(Tensors n) {
  Tensors power = n.to->integer(1);
  for (int bit = 0; bit < 4; ++bit)
    power = where(low_bits(n >> bit, 1) < 1, power, power * (int64_t{1} << (1 << bit)));
  return power;
}

// The mantissa of power_of_two(); x in 1/65536.
Tensors mantissa_of(Tensors x) {
  const Tensors f = low_bits(x, 16) * (1 << 14);
  Tensors sum = x.to->integer(kPowerTerms[9]);
  for (int i = 8; i >= 0; --i) sum = ((sum * f) >> 30) + kPowerTerms[i];
  return sum;
}

// (a * b) >> bits of numbers below 2^32, whose product may not fit; bits of 16 and more.
Tensors shifted_product(Tensors a, Tensors b, int bits) {
  return (a * (b >> 16) + ((a * low_bits(b, 16)) >> 16)) >> (bits - 16);
}

struct Inverse {
  Tensors mantissa, shift;  // shift: 2^(47 - zeros)
};
Inverse inverse_of(Tensors x) {
  Tensors y = x, scale = x.to->integer(1);
  for (const int bits : {16, 8, 4, 2, 1}) {
    const Tensors small = y < (int64_t{1} << (32 - bits));
    y = where(small, y * (int64_t{1} << bits), y), scale = where(small, scale * (int64_t{1} << bits), scale);
  }
  const Tensors guess = shifted(x.to->integer(kOne32 - 1), y >> 16) * (1 << 15);
  const Tensors missing = low_bits(0 - shifted_product(guess, y, 32), 32);
  return {at_most(shifted_product(guess, missing, 31), kOne32 - 1), shifted(x.to->integer(int64_t{1} << 47), scale)};
}

// turns: 0 ... 2^32.
Tensors sine(Tensors turns) {
  const int64_t quarter = int64_t{1} << 30;
  const Tensors x = where(turns < quarter, turns, where(turns < 3 * quarter, 2 * quarter - turns, turns - kOne32));
  const Tensors square = (x * x) >> 30;
  Tensors sum = x.to->integer(kSineTerms[5]);
  for (int i = 4; i >= 0; --i) sum = ((sum * square) >> 30) + kSineTerms[i];
  return (sum * x) >> 30;
}

// Pulses::kernel() of phases and increments.
Tensors kernel(Tensors phase, Tensors increment) {
  const Inverse period = inverse_of(increment);
  const Tensors partials = shifted(period.mantissa * Pulses::kTop, period.shift);
  const Tensors whole = (partials >> 16) - 1, half = phase >> 1, share = low_bits(partials, 16), below = sine(half);
  const Tensors above = sine(low_bits((whole * 2 + 1) * half, 32));
  const Tensors last = (share * sine(low_bits((whole * 2 + 2) * half + (int64_t{1} << 30), 32))) >> 29;
  const Inverse inverse = inverse_of(at_least(below, 4096));
  const Tensors ratio = shifted(above * inverse.mantissa, inverse.shift);
  return where(below < 4096, whole * (1 << 17) + share * 2, ratio - kPulseOne + last);
}

// control_of() of a float.
Tensors control(Tensors x) {
  TensorBuilder& to = *x.to;
  const Tensors limited = where(x < to.number(8), where(to.number(-8) < x, x, to.number(-8)), to.number(8));
  return to.add(TensorOp::kToInteger, {limited * to.number(kPulseOne)});
}

// What stood in the frame before: the state, then all but the last.
Tensors delayed(Tensors state, Tensors now) { return slice(concat(1, {state, now}), 1, 0, -1); }

}  // namespace

Tensors draw_noise(TensorBuilder& to, Tensors count, int channels, int frames) {
  const int drawn = channels * frames;
  const Jump once{kNoiseFactor, kNoiseTerm};
  std::vector<int64_t> factors, terms;
  Jump jump;
  for (int i = 0; i < drawn; ++i) {
    jump = once.after(jump);
    factors.push_back(jump.factor), terms.push_back(jump.term);
  }
  const Tensors state = to.state("noise", {1}, true);  // less 1, so that it starts at 0
  Tensors now = low_bits(state + 1, 32);               // before every tick, by the bits of its number
  for (int bit = 0; bit < 13; ++bit, jump = jump.after(jump))
    now = where(low_bits(count >> bit, 1) < 1, now, low_bits(now * int64_t{jump.factor} + int64_t{jump.term}, 32));
  const Tensors all = low_bits(
      reshape(now, {0, -1, 1}) * to.constant({drawn}, factors) + to.constant({drawn}, terms), 32);  // [b, ticks, drawn]
  to.keep(state, low_bits(reshape(slice(slice(all, 2, -1), 1, -1), {0, 1}) - 1, 32), true);
  const Tensors high = all >> 16, wrapped = where(high < 32768, high, high - 65536);
  const Tensors rows = to.add(TensorOp::kToFloat, {reshape(wrapped, {0, -1, channels})}) * to.number(1.0 / 32768);
  return permute(rows, {0, 2, 1});
}

Tensors make_pulses(TensorBuilder& to, Tensors pitch, Tensors periodicity, int rate, int samples) {
  const Tensors asked = control(reshape(pitch, {0, -1}));  // [batch, frames]
  const Tensors open = control(reshape(periodicity, {0, -1})) * 109227 >> 16;
  const Tensors gate = where(-8 * kPulseOne < asked, at_most(at_least(open, 0), kPulseOne), 0);
  const Tensors octaves = at_least(asked, -kPulseOne) * (kPitchOctaves / 2) + int64_t{pitch_middle(rate)};
  const Tensors heard = at_most(at_least(octaves, Pulses::kLowest), Pulses::kHighest), root = heard >> 1;
  const Tensors increment = shifted(mantissa_of(heard), power_of(-2 - (heard >> 16)));
  const Tensors gain =
      ((shifted(mantissa_of(root), power_of(0 - (root >> 16))) * Pulses::kRoot >> 30) * gate) >> 16;

  const Tensors last_gain = to.state("pulses_gain", {1}, true), last = to.state("pulses_increment", {1}, true),
                phase = to.state("pulses_phase", {1}, true);
  const Tensors gain_before = delayed(last_gain, gain);
  const Tensors before = where(0 < gain_before, delayed(last, increment), increment);
  const Tensors step = truncated(increment - before, samples), louder = truncated(gain - gain_before, samples);
  // Samples 1 ... n of a frame: increments and gains move evenly, the phase is the increments' sum.
  const Tensors turned = before * int64_t{samples} + step * (int64_t{samples} * (samples + 1) / 2);
  const Tensors ends = phase + to.add(TensorOp::kRunningSum, {turned}, {1});  // behind every frame
  std::vector<int64_t> places, sums;
  for (int64_t n = 1; n <= samples; ++n) places.push_back(n), sums.push_back(n * (n + 1) / 2);
  const Tensors place = to.constant({samples}, places);
  const auto column = [](Tensors x) { return reshape(x, {0, -1, 1}); };
  const Tensors phases =
      low_bits(column(ends - turned) + column(before) * place + column(step) * to.constant({samples}, sums), 32);
  const Tensors increments = column(before) + column(step) * place;
  const Tensors gains = column(gain_before) + column(louder) * place;
  const Tensors made = (gains * kernel(phases, increments)) >> 30;  // [batch, frames, samples]
  to.keep(last_gain, slice(gain, 1, -1)), to.keep(last, slice(increment, 1, -1));
  to.keep(phase, low_bits(slice(ends, 1, -1), 32));
  return to.add(TensorOp::kToFloat, {reshape(made, {0, 1, -1})}) * to.number(1.0 / kPulseOne);
}

}  // namespace nr
