#include "deploy/torchscript_prior.h"

#include "base/error.h"
#include "deploy/steps.h"
#include "deploy/weights.h"
#include "nn/logistics.h"

namespace nr {
namespace {

constexpr int kHottest = 10;  // temperature

// `rows` holds the frames that are not complete yet, the oldest first. A step draws every dimension of the frame that
// is its turn, and completes the oldest.
const char* const kDrawing = R"(
def drawn(self, said: Tensor, temperature: Tensor) -> Tensor:
    chance = torch.rand_like(torch.slice(said, 2, 0, 1)).clamp(1e-12, 1 - 1e-7)
    noisy = torch.slice(said, 2, 0, 1) - temperature.reshape(-1, 1, 1, 1) * torch.log(-torch.log(chance))
    chosen = torch.argmax(noisy, 3, True)
    centre = torch.gather(torch.slice(said, 2, 1, 2), 3, chosen).reshape(said.size(0), -1)
    scale = torch.gather(torch.slice(said, 2, 2, 3), 3, chosen).reshape(said.size(0), -1).clamp(LOWEST, HIGHEST).exp()
    u = torch.rand_like(centre).clamp(1e-7, 1 - 1e-7)
    spread = temperature.reshape(-1, 1) * scale * (torch.log(u) - torch.log1p(-u))
    return self.mean + self.deviation * torch.minimum(torch.maximum(centre + spread, self.low), self.high)

def step(self, controls: Tensor, temperature: Tensor) -> Tensor:
    batch = temperature.size(0)
    past = torch.slice(self.past, 0, 0, batch)
    said = self.network.forward(past.unsqueeze(2)).reshape(batch, DIMENSIONS, 3, MIXTURES)
    value = self.drawn(said, temperature)
    value = torch.cat([controls.unsqueeze(0).expand([batch, -1]), torch.slice(value, 1, CONTROLS)], 1)
    rows = torch.slice(self.rows, 0, 0, batch)
    rows.copy_(torch.cat([torch.slice(rows, 1, 1), value.unsqueeze(1)], 1))
    rows.copy_(torch.where(self.turn, value.unsqueeze(1), rows))
    index = torch.round(((value - self.mean) / self.deviation - self.low) / self.width).clamp(0, LEVELS - 1)
    ready = torch.ge(self.ticks, self.delays)
    past.copy_(torch.where(ready, self.low + self.width * index, torch.zeros_like(index)))
    self.ticks += 1
    return rows.select(1, 0).clone()

def forward(self, temperature: Tensor, controls: Tensor) -> Tensor:
    sane = torch.where(torch.ge(temperature, 0.0), temperature.clamp_max(HOTTEST), torch.zeros_like(temperature))
    if self.ticks == 0:
        for i in range(DELAY):
            self.step(controls, sane.select(2, 0).select(1, 0))
    out: List[Tensor] = []
    for t in range(temperature.size(2)):
        out.append(torch.slice(self.step(controls, sane.select(2, t).select(1, 0)), 1, CONTROLS))
    return torch.stack(out, 2)

def reset(self) -> None:
    self.network.reset()
    self.past.zero_()
    self.rows.zero_()
    self.ticks = 0
)";

const char* const kMethod = R"(
def prior(self, x: Tensor) -> Tensor:
    assert x.dim() == 3 and x.size(1) == 1 and x.size(2) > 0 and x.size(2) <= 8191 and x.size(0) <= MOST, \
        "prior: expected temperatures [at most MOST, 1, 1 to 8191], found " + str(x.size())
    return self.latent_prior.forward(x, CONTROLS)
)";

}  // namespace

void add_prior(const Shipment& s, ScriptWriter& writer, torch::jit::Module& model) {
  const Prior& prior = *s.model.prior;
  const PriorConfig& config = prior.config();
  const int dimensions = prior.dimensions(), controls = int(s.model.controls.size()), delay = prior.longest_delay();
  Weights weights;
  collect(prior.network(), weights);
  torch::jit::Module drawing = writer.empty("Prior");
  drawing.register_module(
      "network",
      writer.module("PriorNetwork", make_tensor_program(make_steps(prior.network().graph(), weights, {"next"}))));
  std::vector<double> mean, deviation, low, high, width;
  for (const PriorRange& range : prior.ranges()) {
    mean.push_back(range.mean), deviation.push_back(range.deviation), low.push_back(range.low);
    high.push_back(range.high), width.push_back((range.high - range.low) / (config.levels - 1));
  }
  for (const auto& [name, values] : {std::pair{"mean", &mean}, {"deviation", &deviation}, {"low", &low},
                                     {"high", &high}, {"width", &width}})
    drawing.register_buffer(name, torch::tensor(*values, torch::kFloat).unsqueeze(0));
  torch::Tensor turn = torch::zeros({1, delay + 1, dimensions}, torch::kBool);
  torch::Tensor delays = torch::zeros({1, dimensions}, torch::kLong);
  for (int d = 0; d < dimensions; ++d) {
    delays[0][d] = delay_of(config, d);
    turn[0][delay - delay_of(config, d)][d] = true;
  }
  drawing.register_buffer("turn", turn);
  drawing.register_buffer("delays", delays);
  drawing.register_buffer("no_controls", torch::zeros({0}));
  drawing.register_buffer("past", torch::zeros({kMostSignals, dimensions}));
  drawing.register_buffer("rows", torch::zeros({kMostSignals, delay + 1, dimensions}));
  drawing.register_attribute("ticks", c10::IntType::get(), int64_t{0});
  drawing.define(filled_in(kDrawing, {{"DIMENSIONS", text(dimensions)},
                                     {"MIXTURES", text(config.mixtures)},
                                     {"CONTROLS", text(controls)},
                                     {"LEVELS", text(config.levels)},
                                     {"LOWEST", text(kLowestLogScale)},
                                     {"HIGHEST", text(kHighestLogScale)},
                                     {"HOTTEST", text(kHottest)},
                                     {"DELAY", text(delay)}}));
  model.register_module("latent_prior", drawing);
  model.define(filled_in(kMethod, {{"CONTROLS", controls ? "self.controls.target" : "self.latent_prior.no_controls"},
                                   {"MOST", text(kMostSignals)}}));
}

}  // namespace nr
