#include "deploy/torchscript_pitch.h"

#include <algorithm>
#include <cmath>

#include "descriptors/yin.h"

namespace nr {
namespace {

// d holds d' of lags 1, 2, ...; lags are counted from `least`, the shortest period. A parabola is a poor fit to a short
// period, which is therefore measured at its multiples.
const char* const kPitchSource = R"(
def at(self, d: Tensor, lag: Tensor) -> Tensor:
    return d.gather(-1, (lag - 1).clamp(0, d.size(-1) - 1).unsqueeze(-1)).squeeze(-1)

def trough(self, d: Tensor, lag: Tensor) -> Tensor:
    here = self.at(d, lag)
    left = torch.logical_or(torch.le(lag, self.least), torch.lt(here, self.at(d, lag - 1)))
    right = torch.logical_or(torch.ge(lag, self.most), torch.le(here, self.at(d, lag + 1)))
    return torch.logical_and(left, right)

def vertex(self, d: Tensor, lag: Tensor) -> Tensor:
    here = self.at(d, lag)
    before = self.at(d, lag - 1)
    behind = self.at(d, lag + 1)
    a = before + behind - 2 * here
    b = (behind - before) / 2
    inside = torch.logical_and(torch.lt(torch.abs(b), torch.abs(a)),
                               torch.logical_and(torch.gt(lag, self.least), torch.lt(lag, self.most)))
    return lag - torch.where(inside, b / torch.where(inside, a, torch.ones_like(a)), torch.zeros_like(a))

def forward(self, frames: Tensor) -> Tuple[Tensor, Tensor]:
    window = frames.size(-1)
    power = torch.abs(torch.fft_rfft(frames, self.size)).pow(2)
    correlation = torch.slice(torch.fft_irfft(power, self.size), -1, 1, self.most + 1)
    sums = torch.cumsum(frames.pow(2), -1)
    energy = torch.slice(sums, -1, window - 1, window)
    first = torch.slice(sums, -1, 0, self.most)
    last = energy - torch.flip(torch.slice(sums, -1, window - 1 - self.most, window - 1), [-1])
    lags = torch.arange(1, self.most + 1, device=frames.device)
    difference = (2 * energy - first - last - 2 * correlation).clamp_min(0.0) / (window - lags)
    total = torch.cumsum(difference, -1)
    silent = torch.le(total, 0.0)
    ones = torch.ones_like(total)
    d = torch.where(silent, ones, difference * lags / torch.where(silent, ones, total))

    c = torch.slice(d, -1, self.least - 1)
    high = torch.full_like(torch.slice(c, -1, 0, 1), 1e9)
    left = torch.cat([high, torch.slice(c, -1, 0, -1)], -1)
    right = torch.cat([torch.slice(c, -1, 1), high], -1)
    near = torch.le(c, c.amin([-1], True) + 0.1)
    found = torch.logical_and(near, torch.logical_and(torch.lt(c, left), torch.le(c, right)))
    places = torch.arange(self.least, self.most + 1, device=frames.device)
    lag = torch.where(found, places, torch.full_like(places, self.most)).amin([-1])

    period = self.vertex(d, lag)
    going = torch.ones_like(found.select(-1, 0))
    multiple = 2
    while multiple < 128:
        wide = multiple * period
        going = torch.logical_and(going, torch.logical_and(torch.lt(wide, 128.0), torch.lt(wide, self.most - 1.0)))
        best = torch.round(wide).to(4)
        about = best
        for near_by in [-1, 1]:
            best = torch.where(torch.lt(self.at(d, about + near_by), self.at(d, best)), about + near_by, best)
        going = torch.logical_and(going, self.trough(d, best))
        period = torch.where(going, self.vertex(d, best) / multiple, period)
        multiple = 2 * multiple
    sounds = torch.gt(energy.squeeze(-1), 0.0)
    zeros = torch.zeros_like(period)
    return (torch.where(sounds, self.rate / period, zeros),
            torch.where(sounds, (1 - self.at(d, lag)).clamp_min(0.0), zeros))
)";

}  // namespace

torch::jit::Module pitch_module(const Framing& f, ScriptWriter& writer) {
  torch::jit::Module out = writer.empty("Pitch");
  const int least = std::max(2, int(std::floor(f.sample_rate / std::min(Yin::kHigh, f.sample_rate / 2.0))));
  const int most = std::min(int(std::ceil(f.sample_rate / Yin::kLow)), 2 * f.window / 3);
  int size = 1;
  while (size < f.window + most) size *= 2;
  for (const auto& [name, value] : {std::pair{"least", least}, {"most", most}, {"size", size}})
    out.register_attribute(name, c10::IntType::get(), int64_t{value});
  out.register_attribute("rate", c10::FloatType::get(), double(f.sample_rate));
  out.define(kPitchSource);
  return out;
}

}  // namespace nr
