// Every config is a test: it parses, its graph builds at full size, and small it trains a step of each phase, streams
// as LibTorch runs it, and its header compiles and gives the expected output.
#include <gmock/gmock.h>
#include <torch/torch.h>

#include <set>

#include "base/files.h"
#include "config/locate.h"
#include "config/reader.h"
#include "data/prepare.h"
#include "deploy/deploy.h"
#include "generation/generate.h"
#include "deploy/play.h"
#include "deploy/sound.h"
#include "deploy/steps.h"
#include "evaluation/results.h"
#include "graph/passes.h"
#include "nn/checkpoint.h"
#include "support/command.h"
#include "support/config_files.h"
#include "support/errors.h"
#include "support/tiny_prior.h"

namespace nr {
namespace {
namespace fs = std::filesystem;

std::string type_in(const fs::path& file) {
  const config::Value root = config::load(file);
  return config::locate(root, "model.type").scalar;
}

// Of models, or of priors over one. Those that infer a synthesizer's parameters: every_synthesizer_test.cpp; of notes
// and vocoders: every_wae_test.cpp; of effects: every_effects_test.cpp; of studies:
// study/every_study_test.cpp.
std::vector<std::string> model_configs(bool priors) {
  static const std::set<std::string> others{"flow_synthesizer", "wae", "vocoder", "wae_fader",
                                            "effects", "effects_space", "neurorave"};  // folders
  std::vector<std::string> out;
  for (const char* folder : {"/configs", "/experiments"})
    for (const auto& entry : fs::recursive_directory_iterator(kSource + folder))
      if (entry.path().extension() == ".yaml" && entry.path().filename() != "tiny.yaml" &&
          (type_in(entry.path()) == "prior") == priors && !others.count(entry.path().parent_path().filename()))
        out.push_back(fs::relative(entry.path(), kSource).string());
  std::sort(out.begin(), out.end());
  return out;
}

class EveryConfig : public testing::TestWithParam<std::string> {
 protected:
  // A model by itself is tried as the family's fullest member.
  config::Value root() const {
    const fs::path file = fs::path(kSource) / GetParam();
    if (file.parent_path().filename() != "models") return config::load(file);
    const TemporaryFolder folder;
    write_file(folder / "run.yaml", "extends: [" + kSource + "/configs/rave/consistent.yaml, " + file.string() + "]\n");
    return config::load(folder / "run.yaml");
  }

  // The same run, small: few channels, two steps a phase.
  RunConfig small(const TemporaryFolder& folder) const {
    config::Value value = root();
    const RunConfig full = read_run_config(value);
    const bool mel = std::holds_alternative<MelVaeConfig>(full.model);
    const std::map<std::string, std::string> narrow =
        mel ? std::map<std::string, std::string>{{"model.frames", "16"},
                                                 {"model.channels", "2"},
                                                 {"model.encoder_widths", "[8]"},
                                                 {"model.griffin_lim", "5"}}
            : std::map<std::string, std::string>{{"model.capacity", "2"}};
    for (const auto& [key, yaml] : narrow) config::set(value, key, yaml);
    const int rate = full.data.sample_rate, hop = nr::hop(autoencoder_of(config::read<RunConfig>(value).model));
    write_recordings(folder / "audio", 6, rate, 1.5);
    for (const auto& [key, yaml] :
         std::map<std::string, std::string>{{"data.inputs", "[" + (folder / "audio").string() + "]"},
                                            {"data.cache", folder / "cache"},
                                            {"data.segment", text(8 * hop)},
                                            {"data.test", "0.2"},
                                            {"data.group", "\"\""},  // these recordings have no labels
                                            {"data.stratify", "\"\""},
                                            {"device", "cpu"},
                                            {"model.latent_size", "4"},
                                            {"training.batch", "2"},
                                            {"training.latent_discriminator.width", "8"},
                                            {"training.waveform_discriminator.capacity", "4"},
                                            {"training.waveform_discriminator.period_capacity", "4"},
                                            {"training.waveform_discriminator.stft_capacity", "4"}})
      config::set(value, key, yaml);
    for (const auto& [name, phase] : full.training.phases)
      if (phase.steps > 0) config::set(value, "training.phases." + name + ".steps", "2");
    RunConfig out = read_run_config(value);
    for (auto& [name, phase] :
         out.training.phases)  // two steps are too few for a ramp: every loss has its last weight at once
      for (auto& [optimiser, of] : phase.optimisers)
        for (auto& [loss, weight] : of.losses) weight = weight.to;
    return out;
  }
};

TEST_P(EveryConfig, DescribesANetworkThatStreamsWithoutLookAheadOrMakesNotes) {
  const RunConfig config = read_run_config(root());
  const ControlInputs controls(config.descriptors.controls, config.data.sample_rate);
  const ModelGraphs graphs = describe(autoencoder_of(config.model), controls);
  if (!graphs.stream()) {
    EXPECT_STREQ(type_of(config.model), "mel_vae") << "the one that makes whole notes";
    return;
  }
  EXPECT_EQ(measure(graphs.whole).latency, 0);
  EXPECT_EQ(graphs.whole.in("audio").hop, 1);
}

TEST_P(EveryConfig, TrainsStreamsAndExportsOrPlaysNotes) {
  const TemporaryFolder folder;
  const RunConfig config = small(folder);
  prepare(config.data, config.descriptors);
  train(config, folder / "run");

  const TrainedModel trained = load_model(folder / "run");
  const ModelGraphs& graphs = trained.model->graphs();
  const torch::NoGradGuard no_grad;
  if (!graphs.stream()) {
    evaluate({folder / "run"}, {}, folder / "evaluation");
    EXPECT_TRUE(fs::exists(folder / "evaluation" / "report.html"));
    ExportConfig refused;
    refused.run = folder / "run", refused.output = folder / "small.h", refused.board = "emulated";
    EXPECT_THAT(error_of([&] { export_model(refused); }),
                testing::HasSubstr("a model of type mel_vae makes whole notes and does not stream"));
    return;
  }
  Wires inputs{{"audio", 0.3 * torch::randn({1, 1, 8 * graphs.hop})}};
  if (graphs.controls) inputs["controls"] = torch::rand({1, graphs.controls, 8}) * 2 - 1;
  if (const auto noise = trained.model->noise(torch::zeros({1, 1, 8})); noise.defined()) inputs["noise"] = noise;
  const auto wanted =
      trained.model->decode(trained.model->encode(inputs["audio"]).posterior.mean, inputs["controls"]).audio;
  Weights weights;
  collect(trained.model->encoder(), weights);
  collect(trained.model->decoder(), weights);
  const Steps steps = make_steps(graphs.whole, weights, {"audio"});
  std::vector<Signal> signals;
  for (const StepPort& port : steps.inputs) signals.push_back(to_signal(inputs.at(port.name)));
  const Lowered lowered = lower(steps);
  const std::vector<float> heard = play(lowered, signals)[0].rows, offline = to_signal(wanted).rows;
  ASSERT_EQ(heard.size(), offline.size());
  for (size_t i = 0; i < heard.size(); ++i) ASSERT_NEAR(heard[i], offline[i], 1e-5) << "sample " << i;

  ExportConfig exported;
  exported.run = folder / "run", exported.output = folder / "small.h", exported.board = "emulated";
  exported.seconds = 1, exported.loop_seconds = 0.3;
  export_model(exported);
  const std::string from = kSource + "/export", program = folder / "small";
  const Ran built =
      run_command("g++ -std=c++17 -I" + from + "/runtime -I" + from + "/emulated -DNR_SECONDS=1 -DNR_HEADER='\"" +
                  exported.output + "\"' -DNR_WAV='\"" + std::string(folder / "small.wav") + "\"' " + from +
                  "/emulated/main.cpp " + from + "/emulated/host.cpp " + from + "/runtime/*.cpp -o " + program);
  ASSERT_EQ(built.status, 0) << built.output;
  const Ran ran = run_command(program);
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(ran.output, testing::HasSubstr("as expected"));
}

class EveryPrior : public testing::TestWithParam<std::string> {};

TEST_P(EveryPrior, StreamsWithoutLookAheadTrainsAndPlays) {
  const TemporaryFolder folder;
  train_tiny_run(folder);
  config::Value value = tiny_prior(folder, GetParam());
  for (const auto& [key, yaml] : std::map<std::string, std::string>{{"model.width", "8"},
                                                                   {"model.frames", "32"},
                                                                   {"model.measured_batches", "2"},
                                                                   {"training.phases.prior.steps", "2"},
                                                                   {"training.batch", "2"},
                                                                   {"training.validation_batches", "1"}})
    config::set(value, key, yaml);
  const RunConfig config = read_run_config(value);
  EXPECT_EQ(measure(describe_prior(std::get<PriorConfig>(config.model), 20, 1024)).latency, 0);
  train(config, folder / "prior");
  generate({folder / "prior", folder / "played.wav", 0.5, 1.0, 1, {}});
  EXPECT_EQ(read_clip(folder / "played.wav").samples.size(), 4000u);
}

INSTANTIATE_TEST_SUITE_P(Configs, EveryConfig, testing::ValuesIn(model_configs(false)), name_of);
INSTANTIATE_TEST_SUITE_P(Configs, EveryPrior, testing::ValuesIn(model_configs(true)), name_of);

}  // namespace
}  // namespace nr
