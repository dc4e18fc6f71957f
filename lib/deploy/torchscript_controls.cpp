#include "deploy/torchscript_controls.h"

#include <cmath>

#include "deploy/torchscript_pitch.h"
#include "descriptors/yin.h"

namespace nr {
namespace {

// What a control is on its linear scale: decibels, octaves above 1 Hz, or as it is.
struct Scaled {
  double low, high, first;  // first: as one reads it
  const char* unit;
};
Scaled scaled(const Control& c) {
  const auto unit = Warp(c.warp);
  const double low = warp(unit, c.low), high = warp(unit, c.high), middle = (low + high) / 2;
  const double first = c.name == "periodicity" ? high : middle;  // sounds are periodic unless asked not to be
  return {low, high, unit == Warp::kOctave ? std::exp2(first) : first, unit == Warp::kDecibel ? "dB" : c.unit.c_str()};
}

// Measured as descriptors/ does, but looking back from the end of a measurement's hop. A latent frame takes the mean of
// those that count; where none does it is the lowest, and the pitch the last one.
struct Measured {
  const char *name, *formula, *counts = "sounds";
  bool hears_pitch = false;
};
const Measured* measured(const std::string& name) {
  static const Measured all[] = {
      {"rms", "20 * torch.log10(torch.sqrt(frames.pow(2).mean(-1) + 1e-14).clamp_min(1e-6))"},
      {"centroid", "torch.log2(centroid.clamp_min(1.0))"},
      {"bandwidth",
       "torch.log2(torch.sqrt((m * (hz - centroid.unsqueeze(-1)).pow(2)).sum(-1) / total + 1e-12).clamp_min(1.0))"},
      {"flatness", "20 * torch.log10((power.log().mean(-1).exp() / power.mean(-1)).clamp_min(1e-6))"},
      {"rolloff", "torch.log2((torch.lt(m.cumsum(-1), 0.85 * m.sum(-1, True)).sum(-1) * self.bin).clamp_min(1.0))"},
      {"pitch", "torch.log2(hertz.clamp_min(1.0))", "torch.ge(confidence, VOICED).to(6)", true},
      {"periodicity", "confidence", "torch.ones_like(confidence)", true},
  };
  for (const Measured& m : all)
    if (name == m.name) return &m;
  return nullptr;
}

// A fifth of what is left to `target` goes in every frame; a pitch changes at once, as pulses glide themselves.
const char* const kControlsSource = R"(
def of(self, batch: int, frames: int) -> Tensor:
    n = torch.arange(1, frames + 1, device=self.target.device).to(6)
    left = torch.pow(self.kept.unsqueeze(1), n.unsqueeze(0))
    values = self.target.unsqueeze(1) + (self.now - self.target).unsqueeze(1) * left
    self.now.copy_(values.select(1, frames - 1))
    return values.unsqueeze(0).expand([batch, -1, -1])

def reset(self) -> None:
    self.now.copy_(self.target)
    self.past.zero_()
    self.held.zero_()

def set(self, number: int, warped: float, low: float, high: float) -> None:
    self.target.select(0, number).fill_(min(max(2 * (warped - low) / (high - low) - 1, -1.0), 1.0))
)";

const char* const kListening = R"(
def heard(self, x: Tensor) -> Tensor:
    batch = x.size(0)
    count = x.size(2) // HOP
    values = self.of(batch, count).clone()
    past = torch.slice(self.past, 0, 0, batch)
    sane = torch.where(torch.lt(torch.abs(x), 1000.0), x, torch.zeros_like(x))
    all = torch.cat([past, sane], 2)
    past.copy_(torch.slice(all, 2, -past.size(2)))
    frames = all.squeeze(1).unfold(-1, WINDOW, STEP)
    windowed = frames * self.window
    m = torch.abs(torch.fft_rfft(windowed))
    power = m.pow(2).clamp_min(1e-10)
    sounds = torch.ge(windowed.pow(2).sum(-1), self.silence).to(6)
    hz = self.hz
    total = m.sum(-1) + (1 - sounds)
    centroid = (m * hz).sum(-1) / total
    HEARD_PITCH
)";

const char* const kDeaf = R"(
def heard(self, x: Tensor) -> Tensor:
    return self.of(x.size(0), x.size(2) // HOP)
)";

// Of one control.
const char* const kFollowing = R"(
    if self.NAME_follow:
        curve = FORMULA
        counts = COUNTS
        sum = (curve * counts).reshape(batch, count, -1).sum(-1)
        number = counts.reshape(batch, count, -1).sum(-1)
        mean = sum / number.clamp_min(1.0)
        scaled = 2 * (mean - LOW) / (HIGH - LOW) - 1
        KEEP
)";

const char* const kLowest =
    "known = torch.where(torch.gt(number, 0.5), scaled, -torch.ones_like(scaled))\n"
    "        values.select(1, PLACE).copy_(known.clamp(-1.0, 1.0))";
const char* const kLast = R"(held = torch.slice(self.held, 0, 0, batch)
        for t in range(count):
            held.copy_(torch.where(torch.gt(number.select(1, t), 0.5), scaled.select(1, t), held))
            moved = held + self.transpose * (2 / 12.0 / (HIGH - LOW))
            values.select(1, PLACE).select(1, t).copy_(moved.clamp(-1.0, 1.0)))";

const char* const kTranspose = R"(
def get_transpose(self) -> Tuple[float]:
    return (self.controls.transpose,)

def set_transpose(self, semitones: float) -> int:
    if not (abs(semitones) <= 48.0):
        return -1
    self.controls.transpose = semitones
    return 0
)";

const char* const kAccess = R"(
def get_NAME(self) -> Tuple[float]:
    return (self.NAME,)

def set_NAME(self, value: float) -> int:
    if not (abs(value) < 1000000000.0):
        return -1
    self.controls.set(PLACE, WARPED, LOW, HIGH)
    self.NAME = value
    FREE
    return 0
)";

const char* const kFollowAccess = R"(
def get_NAME_follow(self) -> Tuple[bool]:
    return (self.controls.NAME_follow,)

def set_NAME_follow(self, follow: bool) -> int:
    self.controls.NAME_follow = follow
    return 0
)";

std::string number(double x) {
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%.17g", x);
  return std::string(buffer).find_first_of(".e") == std::string::npos ? std::string(buffer) + ".0" : buffer;
}

void add_attribute(torch::jit::Module& model, const std::string& name, int code, std::vector<std::string>& names) {
  model.register_buffer(name + "_params", torch::tensor({code}, torch::kLong));
  names.push_back(name);
}

}  // namespace

std::vector<std::string> add_controls(const Shipment& s, ScriptWriter& writer, torch::jit::Module& model) {
  constexpr int kBool = 0, kFloat = 2;  // nn~'s codes
  torch::jit::Module controls = writer.empty("Controls");
  std::vector<float> first, kept;
  std::vector<std::string> names;
  std::string access, listening;
  bool hears_pitch = false;
  for (size_t i = 0; i < s.model.controls.size(); ++i) {
    const Control& c = s.model.controls[i];
    const Scaled scale = scaled(c);
    const Measured* heard = measured(c.name);
    const std::string place = std::to_string(i);
    const auto placed = [&](const char* source) {
      return filled_in(source, {{"NAME", c.name}, {"PLACE", place}, {"LOW", number(scale.low)},
                                {"HIGH", number(scale.high)}});
    };
    add_attribute(model, c.name, kFloat, names);
    model.register_attribute(c.name, c10::FloatType::get(), scale.first);
    access += filled_in(
        placed(kAccess),
        {{"WARPED", Warp(c.warp) == Warp::kOctave ? "torch.log(max(value, 1.0)) / torch.log(2.0)" : "value"},
         {"FREE", !heard ? "pass" : "self.controls." + c.name + "_follow = False"}});
    const double warped = Warp(c.warp) == Warp::kOctave ? std::log2(scale.first) : scale.first;
    first.push_back(float(2 * (warped - scale.low) / (scale.high - scale.low) - 1));
    kept.push_back(c.name == "pitch" ? 0.f : 0.8f);
    if (!heard) continue;
    add_attribute(model, c.name + "_follow", kBool, names);
    controls.register_attribute(c.name + "_follow", c10::BoolType::get(), true);
    const bool pitched = c.name == "pitch";
    const std::string keep = filled_in(kFollowing, {{"KEEP", pitched ? kLast : kLowest}});
    access += placed(kFollowAccess);
    listening += filled_in(placed(keep.c_str()), {{"FORMULA", heard->formula}, {"COUNTS", heard->counts}});
    hears_pitch = hears_pitch || heard->hears_pitch;
    if (!pitched) continue;
    add_attribute(model, "transpose", kFloat, names);
    access += kTranspose;
  }
  const Framing& f = s.model.framing;
  const torch::Tensor window = torch::hann_window(f.window);
  controls.register_buffer("target", torch::tensor(first));
  controls.register_buffer("now", torch::tensor(first));
  controls.register_buffer("kept", torch::tensor(kept));
  controls.register_buffer("window", window);
  controls.register_buffer("silence", window.square().sum() * 1e-12);  // -120 dB
  controls.register_buffer("hz", torch::arange(f.window / 2 + 1) * (double(f.sample_rate) / f.window));
  controls.register_attribute("bin", c10::FloatType::get(), double(f.sample_rate) / f.window);
  controls.register_buffer("held", torch::zeros({kMostSignals}));
  controls.register_attribute("transpose", c10::FloatType::get(), 0.0);
  if (hears_pitch) controls.register_module("pitch", pitch_module(f, writer));
  controls.register_buffer("past", torch::zeros({kMostSignals, 1, f.window - f.hop}));
  std::string hears = listening.empty() ? kDeaf : kListening + listening + "    return values\n";
  hears = filled_in(hears, {{"HEARD_PITCH", hears_pitch ? "hertz, confidence = self.pitch.forward(frames)" : ""},
                            {"VOICED", number(Yin::kVoiced)},
                            {"HOP", std::to_string(s.model.graphs.hop)},
                            {"WINDOW", std::to_string(f.window)},
                            {"STEP", std::to_string(f.hop)}});
  controls.define(kControlsSource + hears);
  model.register_module("controls", controls);
  model.define(access);
  return names;
}

}  // namespace nr
