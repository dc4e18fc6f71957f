// The decoder from a latent to a synthesizer's parameters: what ships equals the regressor that was trained.
#include <gmock/gmock.h>

#include <ATen/CPUGeneratorImpl.h>

#include <cstdio>
#include <map>

#include "base/files.h"
#include "deploy/calibrate.h"
#include "deploy/check.h"
#include "deploy/onnx_run.h"
#include "deploy/play.h"
#include "deploy/sound.h"
#include "deploy/source.h"
#include "export/runtime/stream.h"
#include "models/synthesizer.h"
#include "nn/regressors.h"
#include "program/file.h"
#include "support/command.h"
#include "support/errors.h"
#include "support/synthesizer_run.h"
#include "synth/subtractive_fm.h"

namespace nr {
namespace {
using testing::HasSubstr;
namespace fs = std::filesystem;

const std::vector<std::string> kColumns{"filter_cutoff", "osc1_wave", "drive", "osc2_semitones", "ring"};
constexpr int64_t kTicks = 400, kLatent = 3;  // as many as are continuous

SynthesizerConfig small(const std::string& regressor, const std::string& kind = "planar") {
  SynthesizerConfig c;
  c.regressor = regressor, c.regressor_widths = {24, 16}, c.flow = {kind, 4, 12};
  return c;
}

// With weights and statistics as training would leave them, in evaluation mode.
std::shared_ptr<Regressor> trained(const SynthesizerConfig& config) {
  torch::manual_seed(11);
  const auto out = make_regressor(config, {subtractive_fm_parameters(), kColumns}, kLatent, 3);
  const torch::NoGradGuard no_grad;
  for (torch::Tensor& p : out->parameters()) p.add_(0.3 * torch::randn_like(p));
  for (const auto& buffer : out->named_buffers()) {
    torch::Tensor numbers = buffer.value();
    if (buffer.key().find("var") != std::string::npos) numbers.uniform_(0.5, 2);
    if (buffer.key().find("mean") != std::string::npos) numbers.normal_(0, 0.3);
  }
  out->eval();
  return out;
}

std::vector<float> flat(const torch::Tensor& tensor) { return to_signal(tensor.reshape({1, 1, -1})).rows; }

struct Described {
  Steps steps;
  Signal inputs, wanted;
  explicit Described(Regressor& regressor) {
    const torch::NoGradGuard no_grad;
    DescribedGraph described;
    described.graph.output("parameters", regressor.describe(described, described.graph.input("latent", kLatent, 480)));
    Weights weights;
    for (const auto& [name, w] : described.weights)
      weights[name] = {flat(w.first), flat(w.second), {}, {}};
    steps = make_steps(described.graph, weights, {"parameters"});
    torch::manual_seed(12);
    const auto latent = (1.3 * torch::randn({kTicks, kLatent})).clamp(-4, 4);
    inputs = to_signal(latent.t().unsqueeze(0));
    wanted = to_signal(regressor.infer(latent, at::detail::createCPUGenerator(1)).t().unsqueeze(0));
  }
};

std::vector<float> played(const Lowered& program, const Signal& inputs) {
  return play_as_shipped(program, {inputs}).output;
}

// Without the two columns of levels, which a score near a tie can move by a whole level.
std::vector<float> continuous(const std::vector<float>& rows) {
  std::vector<float> out;
  for (size_t i = 0; i < rows.size(); ++i)
    if (const size_t column = i % kColumns.size(); column != 1 && column != 3) out.push_back(rows[i]);
  return out;
}

class EveryRegressor : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(EveryRegressor, StreamsWhatLibTorchInfers) {
  SynthesizerConfig config = small(GetParam().first, GetParam().second);
  if (config.regressor == "regression") config.activation = GetParam().second;
  const auto regressor = trained(config);
  const Described d(*regressor);
  const Lowered floats = lower(d.steps);
  const std::vector<float> found = played(floats, d.inputs);
  ASSERT_EQ(found.size(), d.wanted.rows.size());
  double worst = 0, least = 1, most = 0;
  int other_levels = 0;
  for (size_t i = 0; i < found.size(); ++i) {
    const size_t column = i % kColumns.size();
    const double error = std::fabs(found[i] - d.wanted.rows[i]);
    if (column == 1 || column == 3) {
      other_levels += error > 1e-4;
      continue;
    }
    worst = std::max(worst, error), least = std::min(least, double(found[i])), most = std::max(most, double(found[i]));
  }
  EXPECT_LT(worst, 1e-5);
  EXPECT_LT(other_levels, kTicks / 50) << "scores within 1e-4 of one another";
  EXPECT_GT(most - least, 0.2) << "the parameters move";
  for (const nr_precision precision : {NR_INT16, NR_INT8}) {
    const Peaks peaks = StoreRanges(d.steps, lower(d.steps, false), {d.inputs}).peaks();
    const double snr = signal_to_error_db(continuous(d.wanted.rows),
                                          continuous(played(lower(d.steps, peaks, precision), d.inputs)), 0);
    std::printf("%s %s, int%d: %.1f dB\n", GetParam().first, GetParam().second, precision == NR_INT16 ? 16 : 8, snr);
    EXPECT_GT(snr, precision == NR_INT16 ? 40 : 25);
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryRegressor,
                         testing::Values(std::pair{"regression", "relu"}, std::pair{"regression", "elu"},
                                         std::pair{"flow", "planar"}, std::pair{"flow", "coupling"},
                                         std::pair{"flow", "maf"}, std::pair{"flow", "iaf"},
                                         std::pair{"flow", "sylvester"}),
                         [](const auto& info) { return std::string(info.param.first) + "_" + info.param.second; });

TEST(Regressors, SayWhyTheyDoNotShip) {
  const auto error = [](const SynthesizerConfig& config) {
    return error_of([&] { Described d(*trained(config)); });
  };
  EXPECT_THAT(error(small("matching")), HasSubstr("of the kind matching does not ship"));
  EXPECT_THAT(error(small("flow", "sigmoidal")), HasSubstr("planar, coupling, maf, iaf and sylvester layers do"));
  EXPECT_THAT(error(small("flow", "iaf_narrow")), HasSubstr("iaf_narrow does not ship"));
  SynthesizerConfig config = small("flow");
  config.amortisation = "network";
  EXPECT_THAT(error(config), HasSubstr("model.amortisation: network"));
  config.amortisation = "variational";
  EXPECT_EQ(error(config), "no error");
  config = small("regression"), config.legacy = {"no_sigmoid"};
  EXPECT_THAT(error(config), HasSubstr("model.legacy: no_sigmoid"));
}

TEST(DescribedGraph, GivesTheNumberOfTheHighestChannel) {
  for (const int channels : {2, 3, 7, 8}) {
    DescribedGraph described;
    const Wire x = described.graph.input("x", channels, 480);
    described.graph.output("y", described.of_highest(x, torch::arange(channels).to(torch::kFloat)));
    Weights weights;
    for (const auto& [name, w] : described.weights)
      weights[name] = {flat(w.first), flat(w.second), {}, {}};
    const Steps steps = make_steps(described.graph, weights, {"y"});
    const auto given = torch::stack({torch::eye(channels), 5 - torch::eye(channels).roll(1, 0) * 3})
                           .reshape({-1, channels}) + 0.1 * torch::arange(channels);
    const std::vector<float> found = played(lower(steps), to_signal(given.t().unsqueeze(0)));
    const auto wanted = given.argmax(1);
    for (int64_t t = 0; t < given.size(0); ++t)
      EXPECT_NEAR(found[size_t(t)], wanted[t].item<float>(), 1e-4) << channels << " " << t;
  }
}

// Trained for a few steps, each config once, over one set.
ExportConfig exported(const std::string& config, const std::string& target = "header") {
  static const TemporaryFolder folder;
  static const std::vector<std::string> columns{"filter_cutoff", "amp_attack", "osc1_wave", "drive"};
  static std::map<std::string, fs::path> runs;
  if (runs.empty()) render_small_set(folder / "set", columns, 30);
  if (!runs.count(config)) {
    runs[config] = folder / config;
    train_small(folder / "set", folder / "cache", runs[config], config, columns);
  }
  ExportConfig c;
  c.run = runs[config], c.output = folder / "macros.h", c.target = target, c.seconds = 4, c.loop_seconds = 1;
  return c;
}

TEST(ParameterExport, OfEveryTargetIsCloseToLibTorch) {
  for (const char* file : {"vae.yaml", "regression_flow.yaml"}) {
    const std::vector<CheckedTarget> rows = check_targets(exported(file));
    ASSERT_EQ(rows.size(), 8u);
    for (const CheckedTarget& row : rows) {
      const std::string name = text(file, " as ", row.target, " of ", row.precision);
      EXPECT_EQ(row.refused, "") << name;
      EXPECT_GT(row.snr_db, row.precision == "float32" ? 90 : row.precision == "int16" ? 40 : 25) << name;
      EXPECT_LT(row.largest, row.precision == "float32" ? 1e-5 : 1) << name;
    }
    std::printf("%s\n%s", file, to_text(rows).c_str());
  }
}

TEST(ParameterExport, NamesTheParametersAndRanksItsInputs) {
  ExportConfig c = exported("regression_flow.yaml");
  c.latents = 2;
  const ExportReport r = export_model(c);
  EXPECT_EQ(r.latents, 2);
  EXPECT_EQ(r.latent_size, 3);
  EXPECT_THAT(to_text(r), HasSubstr("of inputs that move slowly"));
  const std::string header = read_file(c.output);
  for (const char* part : {"\"filter_cutoff\",\"Hz\",", "\"osc1_wave\",\"\",0.0f,3.0f,0", "{\"latent\",2,1,",
                           "{\"parameters\",4,1,", "2 of 3 principal components"})
    EXPECT_THAT(header, HasSubstr(part));
  EXPECT_EQ(header.find("NR_PLAYS_AUDIO"), std::string::npos);

  c.target = "program", c.output += ".nrp";
  export_model(c);
  const ProgramFile file(read_file(c.output), c.output);
  ASSERT_EQ(file.model().n_controls, 4);
  EXPECT_EQ(file.model().controls[1].name, std::string("amp_attack"));
  c.target = "onnx", c.output += ".onnx";
  export_model(c);
  EXPECT_THAT(OnnxRun(read_file(c.output)).metadata().at("parameters"), HasSubstr("\"name\":\"drive\""));
}

TEST(ParameterExport, RunsOnACortexM7) {
  NR_NEEDS("arm-none-eabi-g++");
  NR_NEEDS("qemu-system-arm");
  const ExportConfig c = exported("regression_flow.yaml");
  export_model(c);
  const Ran ran =
      run_command(std::string(NR_SOURCE_DIR) + "/export/emulated/run.sh " + c.output + " " + c.output + ".wav 1");
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("as expected"));
  std::printf("%s", ran.output.c_str());
}

TEST(ParameterExport, WithoutPreparedDataTakesTheLatentAsItIs) {
  ExportConfig c = exported("vae.yaml", "program");
  const fs::path cache = fs::path(c.output).parent_path() / "cache", away = cache.string() + ".away";
  fs::rename(cache, away);
  EXPECT_EQ(export_model(c).latents, 0);
  c.latents = 2;
  EXPECT_THAT(error_of([&] { export_model(c); }), HasSubstr("--latents 2 needs the run's data"));
  fs::rename(away, cache);
}

TEST(ParameterExport, RefusesWhatThereIsNot) {
  ExportConfig c = exported("cnn.yaml");
  EXPECT_THAT(error_of([&] { export_model(c); }), HasSubstr("without a latent"));
  c.part = "whole";
  EXPECT_THAT(error_of([&] { export_model(c); }), HasSubstr("the decoder ships, from latent to parameters"));
  c = exported("vae.yaml"), c.fidelity = 0.9;
  EXPECT_THAT(error_of([&] { export_model(c); }), HasSubstr("give --latents"));
}

}  // namespace
}  // namespace nr
