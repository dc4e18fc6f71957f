#include "evaluation/digits.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/files.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "data/stroke_digits.h"
#include "evaluation/page.h"
#include "nn/bernoulli_vae.h"
#include "nn/device.h"
#include "nn/parameter_count.h"
#include "report/picture.h"
#include "report/plot.h"

namespace nr {
namespace {

using report::element;
using report::Markup;

constexpr int kCurvePoints = 40, kManifold = 15, kMeasured = 8;  // kMeasured: draws of z a test digit

torch::Tensor images_of(const std::string& file, int count, uint64_t seed, std::pair<int, int>& size) {
  const ByteImages images = file.empty() ? draw_digits(size_t(count), seed) : read_idx(file);
  if (size.first && size != std::pair(images.rows, images.columns))
    fail(file, ": images of ", images.rows, " x ", images.columns, " pixels; those to train on have ", size.first,
         " x ", size.second);
  size = {images.rows, images.columns};
  const int64_t used = std::min(int64_t(count), int64_t(images.count())), pixels = images.rows * images.columns;
  return torch::tensor(std::vector<int64_t>(images.pixels.begin(), images.pixels.begin() + used * pixels))
             .reshape({used, pixels})
             .to(torch::kFloat) /
         255;
}

struct DigitModel {
  std::string name;
  int latent_size;
  double beta;
  int warm_up;
  std::shared_ptr<BernoulliVae> vae = nullptr;
  std::vector<double> steps = {}, bounds = {};  // of the test digits, while it trains
};

std::vector<DigitModel> models_of(const DigitsConfig& c) {
  std::vector<DigitModel> out;
  const auto name = [](int size, double beta) { return text("z ", size, ", beta ", beta); };
  for (const int size : c.latent_sizes) out.push_back({name(size, 1), size, 1, 0});
  for (const double beta : c.betas)
    if (beta != 1 || std::count(c.latent_sizes.begin(), c.latent_sizes.end(), c.latent_size) == 0)
      out.push_back({name(c.latent_size, beta), c.latent_size, beta, 0});
  if (c.warm_up) out.push_back({name(c.latent_size, 1) + ", warm-up", c.latent_size, 1, c.warm_up});
  return out;
}

// False when interrupted.
bool train(const DigitsConfig& c, const torch::Tensor& images, const torch::Tensor& test, DigitModel& model,
           const std::function<void(double)>& progress) {
  torch::manual_seed(uint64_t(c.seed));
  model.vae = std::make_shared<BernoulliVae>(images.size(1), c.hidden, model.latent_size);
  torch::optim::Adam adam(model.vae->parameters(), torch::optim::AdamOptions(c.lr));
  for (int step = 0; step <= c.steps; ++step) {
    if (interrupted()) return false;
    if (step % std::max(1, c.steps / kCurvePoints) == 0) {
      const torch::NoGradGuard no_grad;
      const VariationalBound bound = model.vae->forward(test);
      model.steps.push_back(step), model.bounds.push_back(-(bound.reconstruction + bound.kl).mean().item<double>());
      progress(double(step) / c.steps);
    }
    if (step == c.steps) break;
    const auto some = torch::randint(images.size(0), {c.batch}, torch::kLong);
    const VariationalBound bound = model.vae->forward(images.index_select(0, some));
    const double weight = model.beta * (model.warm_up ? std::min(1.0, double(step) / model.warm_up) : 1);
    adam.zero_grad();
    (bound.reconstruction + weight * bound.kl).mean().backward();
    adam.step();
  }
  return true;
}

RunResult begin(const std::string& name, int64_t digits, int64_t parameters, const DigitsConfig& c) {
  RunResult out;
  out.facts.run = name, out.facts.type = parameters ? "bernoulli vae" : "no model", out.facts.parameters = parameters;
  out.facts.step = parameters ? c.steps : 0;
  for (int64_t i = 0; i < digits; ++i) out.clips.push_back(text("digit ", i + 1));
  return out;
}

RunResult measure(const DigitsConfig& c, const torch::Tensor& test, const DigitModel& model) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(uint64_t(c.seed));
  auto reconstruction = torch::zeros({test.size(0)}), kl = reconstruction.clone();
  for (int i = 0; i < kMeasured; ++i) {
    const VariationalBound bound = model.vae->forward(test);
    reconstruction += bound.reconstruction / kMeasured, kl += bound.kl / kMeasured;
  }
  RunResult out = begin(model.name, test.size(0), count_parameters(*model.vae), c);
  out.facts.latent_size = model.latent_size;
  for (int64_t i = 0; i < test.size(0); ++i) {
    const double lost = reconstruction[i].item<double>(), latent = kl[i].item<double>();
    out.add(size_t(i), "digit_bound", "", "nats", -lost - latent);
    out.add(size_t(i), "digit_reconstruction", "", "nats", lost);
    out.add(size_t(i), "digit_kl", "", "nats", latent);
  }
  out.add(0, "active_units", "", "", active_units(model.vae->encode(test)));
  return out;
}

// Every pixel by its mean over the training digits: a decoder without a latent.
RunResult measure_mean(const DigitsConfig& c, const torch::Tensor& images, const torch::Tensor& test) {
  RunResult out = begin("mean digit", test.size(0), 0, c);
  const auto p = images.mean(0).clamp(1e-4, 1 - 1e-4);
  const auto nats = -(test * p.log() + (1 - test) * (1 - p).log()).sum(1);
  for (int64_t i = 0; i < test.size(0); ++i) {
    out.add(size_t(i), "digit_bound", "", "nats", -nats[i].item<double>());
    out.add(size_t(i), "digit_reconstruction", "", "nats", nats[i].item<double>());
  }
  return out;
}

Markup picture(const std::string& title, const torch::Tensor& image) {  // [rows, columns]
  const auto turned = image.flip({0}).t().to(torch::kFloat).contiguous();  // column after column, from the bottom
  report::PicturePlot plot;
  plot.title = title;
  plot.png = report::heat_png({turned.data_ptr<float>(), turned.data_ptr<float>() + turned.numel()},
                              int(turned.size(0)), int(turned.size(1)), 0, 1);
  plot.width = plot.height = 420;
  plot.y_ticks = {{0, ""}};
  return report::picture_plot(plot);
}

// Images side by side: [rows * columns, pixels] -> one.
torch::Tensor tiled(const torch::Tensor& images, int64_t rows, int64_t columns, std::pair<int, int> size) {
  return images.reshape({rows, columns, size.first, size.second}).transpose(1, 2).reshape(
      {rows * size.first, columns * size.second});
}

// The plane of a latent of two dimensions, through the inverse of the normal distribution.
Markup manifold(const DigitModel& model, std::pair<int, int> size) {
  const torch::NoGradGuard no_grad;
  const auto share = (torch::arange(kManifold) + 0.5) / kManifold, at = torch::erfinv(2 * share - 1) * std::sqrt(2.0);
  const auto x = at.unsqueeze(0).expand({kManifold, kManifold}), y = at.unsqueeze(1).expand({kManifold, kManifold});
  return picture("Plane of " + model.name,
                 tiled(model.vae->decode(torch::stack({x, y}, 2).reshape({-1, 2})), kManifold, kManifold, size));
}

std::string page_of(const DigitsConfig& c, const std::vector<RunResult>& results, const std::vector<DigitModel>& models,
                    const torch::Tensor& test, std::pair<int, int> size) {
  const std::string what = c.train.empty() ? "digits drawn by strokes" : c.train;
  Markup body = element("header", {}, element("h1", {}, "Digits") + element("p", {{"class", "lead"}},
                                                                            "Variational autoencoders of " + what));
  EvaluationConfig evaluation;
  evaluation.bootstrap = c.bootstrap, evaluation.seed = c.seed;
  body += numbers_section(results, evaluation);
  Markup cards;
  std::vector<double> all;
  for (const DigitModel& m : models)  // without the first steps, from which the axis would be flat
    all.insert(all.end(), m.bounds.begin() + long(m.bounds.size() / 10), m.bounds.end());
  for (const DigitModel& m : models) {
    report::LinePlot plot;
    plot.title = m.name, plot.note = "bound of the test digits, nats, by step";
    plot.x = {"", 0, double(c.steps)}, plot.y = report::axis_around(all, "nats");
    plot.series = {{"measured", m.steps, m.bounds}};
    cards += report::line_plot(plot);
  }
  body += element("h2", {}, "The bound while they train") + element("div", {{"class", "cards"}}, cards);
  Markup pictures = picture("Test digits", tiled(test.narrow(0, 0, std::min<int64_t>(100, test.size(0) / 10 * 10)),
                                                 std::min<int64_t>(10, test.size(0) / 10), 10, size));
  for (const DigitModel& m : models)
    if (m.latent_size == 2 && m.beta == 1) pictures += manifold(m, size);
  body += element("h2", {}, "Digits") + element("div", {{"class", "cards"}}, pictures);
  for (const RunResult& run : results) body += every_number(run);
  return report::page("Digits", body);
}

}  // namespace

void study_digits(const DigitsConfig& c, const std::filesystem::path& out) {
  watch_interrupts();
  choose_device("cpu");
  std::pair<int, int> size{0, 0};
  const auto images = images_of(c.train, c.train_digits, uint64_t(c.seed), size);
  const auto test = images_of(c.test, c.test_digits, uint64_t(c.seed) + 1, size);
  std::vector<DigitModel> models = models_of(c);
  std::vector<RunResult> results;
  Progress progress("digits");
  for (size_t i = 0; i < models.size(); ++i) {
    const auto report = [&](double done) {
      progress.update((double(i) + done) / double(models.size()), models[i].name);
    };
    if (!train(c, images, test, models[i], report)) fail("interrupted; nothing is written");
    results.push_back(measure(c, test, models[i]));
  }
  results.push_back(measure_mean(c, images, test));
  for (RunResult& result : results) result.summarise_rows(c.bootstrap, uint64_t(c.seed));
  progress.done(text(models.size(), " models"));
  EvaluationConfig evaluation;
  evaluation.bootstrap = c.bootstrap, evaluation.seed = c.seed;
  make_folder(out);
  write_file(out / "results.json", to_json(results, evaluation));
  write_file(out / "table.md", to_markdown(results, evaluation));
  write_file(out / "report.html", page_of(c, results, models, test, size));
  log_info("wrote " + (out / "table.md").string() + ", results.json and report.html");
}

}  // namespace nr
