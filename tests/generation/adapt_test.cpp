// A tiny v3, trained for a moment, adapted from tones to noise.
#include "generation/adapt.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

#include "base/files.h"
#include "config/writer.h"
#include "data/prepare.h"
#include "deploy/deploy.h"
#include "deploy/sound.h"
#include "evaluation/results.h"
#include "nn/graph_module.h"
#include "support/errors.h"
#include "support/recordings.h"
#include "support/temporary.h"
#include "systems/table.h"
#include "training/train.h"

namespace nr {
namespace {
using testing::HasSubstr;
namespace fs = std::filesystem;

void write_noise(const fs::path& file, int samples, int sample_rate, double level) {
  Random random(samples);
  std::vector<float> x(samples);
  for (float& sample : x) sample = float(level * random.normal());
  write_wav(file, x, sample_rate);
}

// A run `v3` of 8 kHz, a hop of 32 and one control; six tones of 1.2 s (300 frames, so two blocks) and a folder of
// noise.
class Adapt : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    write_recordings(*folder_ / "tones", 6, 8000, 1.2);
    fs::create_directories(*folder_ / "noise");
    write_noise(*folder_ / "noise/a.wav", 8000, 8000, 0.1);
    write_noise(*folder_ / "noise/b.wav", 13230, 44100, 0.05);
    train_tiny("v3");
  }
  static void TearDownTestSuite() { delete folder_; }

  static void train_tiny(const std::string& name) {
    config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/tiny/" + name + ".yaml");
    for (const auto& [key, value] : std::map<std::string, std::string>{{"data.inputs", "[" + at("tones") + "]"},
                                                                       {"data.cache", at("cache")},
                                                                       {"data.test", "0.3"},
                                                                       {"descriptors.controls", "[rms]"},
                                                                       {"training.phases.adversarial.steps", "0"},
                                                                       {"device", "cpu"}})
      config::set(root, key, value);
    const RunConfig config = read_run_config(root);
    prepare(config.data, config.descriptors);
    train(config, at(name));
  }
  static std::string at(const std::string& path) { return *folder_ / path; }
  static AdaptConfig config(const std::string& out) { return {at("v3"), {at("tones")}, {at("noise")}, at(out)}; }

  static TemporaryFolder* folder_;
};
TemporaryFolder* Adapt::folder_ = nullptr;

std::map<std::string, torch::Tensor> slots_of(const Checkpoint& checkpoint) {
  std::map<std::string, torch::Tensor> out;
  for (const auto& [name, tensor] : checkpoint.tensors)
    if (name.find("/adain/") != std::string::npos) out[name] = tensor;
  return out;
}

// [channels, frames] of what comes to every slot while the whole recordings pass, each at once.
std::map<std::string, torch::Tensor> arriving(const TrainedModel& trained, const std::vector<std::string>& files) {
  const torch::NoGradGuard no_grad;
  std::map<std::string, std::vector<torch::Tensor>> parts;
  const auto listener = [&](const Node& n, const torch::Tensor& x) { parts[n.name].push_back(x[0]); };
  auto& encoder = dynamic_cast<GraphModule&>(trained.model->encoder());
  auto& decoder = dynamic_cast<GraphModule&>(trained.model->decoder());
  encoder.listen(listener), decoder.listen(listener);
  for (const std::string& file : files) {
    std::vector<float> samples = read_clip(file, trained.config.data.sample_rate).samples;
    samples.resize(samples.size() / 32 * 32);
    const TestSound sound = make_test_sound(trained, samples);
    trained.model->decode(trained.model->encode(sound.audio).posterior.mean, sound.controls);
  }
  encoder.listen({}), decoder.listen({});
  std::map<std::string, torch::Tensor> out;
  for (const auto& [name, list] : parts) out[name] = torch::cat(list, 1).to(torch::kDouble);
  return out;
}

TEST_F(Adapt, CountsWhatComesToEverySlotOverAllFramesOfEachSide) {
  const AdaptReport report = adapt(config("counted"));
  EXPECT_EQ(report.source.recordings, 6);
  EXPECT_EQ(report.target.recordings, 2);
  EXPECT_NEAR(report.target.seconds, 1.3, 0.01) << "resampled";
  EXPECT_EQ(report.slots, 4);
  EXPECT_EQ(report.channels, 4 + 8 + 8 + 4);
  EXPECT_THAT(to_text(report), HasSubstr("slots      4, of 24 channels"));

  std::vector<std::string> tones;
  for (int i = 0; i < 6; ++i) tones.push_back(at(text("tones/tone", i, ".wav")));
  const TrainedModel trained = load_model(at("v3"));
  const auto source = arriving(trained, tones), target = arriving(trained, {at("noise/a.wav"), at("noise/b.wav")});
  const Checkpoint adapted = read_checkpoint(find_checkpoint(at("counted")));
  ASSERT_EQ(source.size(), 4u);
  ASSERT_EQ(slots_of(adapted).size(), 16u);
  int moved = 0;
  for (const auto& [side, heard] : {std::pair{"source", &source}, {"target", &target}})
    for (const auto& [name, x] : *heard) {
      const std::string prefix = "model/" + name.substr(0, 7) + "." + name + "/" + side;
      EXPECT_TRUE(adapted.tensors.at(prefix + "_mean").to(torch::kDouble).allclose(x.mean(1), 1e-5, 1e-6)) << prefix;
      EXPECT_TRUE(adapted.tensors.at(prefix + "_deviation").to(torch::kDouble).allclose(x.std(1, false), 1e-5, 1e-6))
          << prefix;
      moved += !source.at(name).std(1, false).allclose(target.at(name).std(1, false), 0.1);
    }
  EXPECT_GT(moved, 0) << "tones and noise are told apart";
}

TEST_F(Adapt, LeavesTheTargetsStatisticsBehindTheFirstSlotWhenTheSourceIsFed) {
  adapt(config("first"));
  const TrainedModel adapted = load_model(at("first"));
  std::vector<std::string> tones;
  for (int i = 0; i < 6; ++i) tones.push_back(at(text("tones/tone", i, ".wav")));
  const torch::Tensor x = arriving(adapted, tones).at("encoder/0/adain");
  Graph g;
  g.output("y", g.adain("encoder/0/adain", g.input("x", 4, 1)));
  GraphModule slot(g);
  slot.eval();
  for (const auto& item : slot.named_buffers())
    torch::Tensor(item.value()).copy_(adapted.model->encoder().named_buffers()[item.key()]);
  const torch::Tensor y = slot.run({{"x", x.to(torch::kFloat).unsqueeze(0)}})["y"][0].to(torch::kDouble);
  EXPECT_LE((y.mean(1) - slot.slot(1).target_mean).abs().max().item<double>(), 1e-5);
  EXPECT_LE((y.std(1, false) - slot.slot(1).target_deviation).abs().max().item<double>(), 1e-5);
  EXPECT_FALSE(y.std(1, false).allclose(x.std(1, false), 0.1)) << "there was something to carry over";
}

TEST_F(Adapt, WritesARunThatIsLoadedEvaluatedAndExportedAsAnyOther) {
  adapt(config("whole"));
  const TrainedModel before = load_model(at("v3")), after = load_model(at("whole"));
  const torch::NoGradGuard no_grad;
  const TestSound sound = make_test_sound(after, read_clip(at("tones/tone0.wav"), 8000).samples);
  const auto play = [&](const TrainedModel& t) {
    return t.model->decode(t.model->encode(sound.audio).posterior.mean, sound.controls).audio;
  };
  EXPECT_FALSE(play(before).allclose(play(after), 1e-2, 1e-4));
  EXPECT_EQ(read_file(at("whole/config.yaml")), config::dump(before.config));
  EXPECT_EQ(after.step, before.step);
  EXPECT_TRUE(after.space.known());
  for (const auto& [name, tensor] : read_checkpoint(find_checkpoint(at("whole"))).tensors)
    EXPECT_TRUE(name.rfind("model/", 0) == 0 || name.rfind("latent_space/", 0) == 0) << name;

  EvaluationConfig evaluation;
  evaluation.bootstrap = 100, evaluation.examples = 1;
  evaluate({at("v3"), at("whole")}, evaluation, at("evaluation"));
  EXPECT_THAT(read_file(at("evaluation/table.md")), HasSubstr("whole"));

  ExportConfig exported;
  exported.part = "whole", exported.board = "emulated", exported.audio = at("tones/tone0.wav"),
  exported.loop_seconds = 0.3;
  const auto export_of = [&](const std::string& run, const std::string& precision) {
    exported.run = at(run), exported.output = at(run + ".h"), exported.precision = precision;
    return export_model(exported);
  };
  const ExportReport plain = export_of("v3", "int8"), adapted = export_of("whole", "int8");
  EXPECT_EQ(adapted.memory, plain.memory) << "a filled slot costs nothing";
  EXPECT_EQ(adapted.macs_per_second, plain.macs_per_second);
  EXPECT_GT(adapted.float_snr_db, 90);
  std::printf("adapted: int8 %.1f dB, float32 %.1f dB\n", adapted.snr_db, adapted.float_snr_db);
  EXPECT_GT(adapted.snr_db, 15);
}

TEST_F(Adapt, BeginsAnewOnARunThatWasAdaptedBefore) {
  adapt(config("once"));
  AdaptConfig again = config("twice");
  again.run = at("once");
  adapt(again);
  const auto once = slots_of(read_checkpoint(find_checkpoint(at("once")))),
             twice = slots_of(read_checkpoint(find_checkpoint(at("twice"))));
  ASSERT_EQ(once.size(), 16u);
  for (const auto& [name, tensor] : once) EXPECT_TRUE(tensor.equal(twice.at(name))) << name;
}

TEST_F(Adapt, KeepsDeviationOneInAChannelThatDoesNotMove) {
  AdaptConfig c = config("constant");
  Checkpoint dead = read_checkpoint(find_checkpoint(at("v3")));
  dead.tensors.at("model/encoder.encoder/in/gain")[1].zero_();
  write_checkpoint(at("dead.safetensors"), dead);
  c.run = at("dead.safetensors");
  const AdaptReport report = adapt(c);
  EXPECT_GE(report.constant, 1);
  EXPECT_THAT(to_text(report), HasSubstr(text(report.constant, " are constant on a side and keep deviation 1")));
  const auto slots = slots_of(read_checkpoint(find_checkpoint(at("constant"))));
  for (const char* side : {"source", "target"})
    EXPECT_EQ(slots.at(text("model/encoder.encoder/0/adain/", side, "_deviation"))[1].item<float>(), 1);
  for (const auto& [name, tensor] : slots) EXPECT_TRUE(tensor.isfinite().all().item<bool>()) << name;
}

TEST_F(Adapt, SkipsWhatCannotBeHeardAndSaysWhy) {
  fs::create_directories(at("mixed"));
  write_noise(at("mixed/long.wav"), 4000, 8000, 0.1);
  write_noise(at("mixed/short.wav"), 31, 8000, 0.1);
  write_noise(at("mixed/silent.wav"), 4000, 8000, 1e-4);
  write_file(at("mixed/text.wav"), std::string("not a sound"));
  AdaptConfig c = config("skipped");
  c.target = {at("mixed")};
  const AdaptReport report = adapt(c);
  EXPECT_EQ(report.target.recordings, 1);
  EXPECT_THAT(
      report.target.skipped,
      testing::ElementsAre(at("mixed/short.wav") + ": is too short (31 samples at 8000 Hz, a latent frame is 32)",
                           at("mixed/silent.wav") + ": is silent", HasSubstr("text.wav: is not audio")));
  EXPECT_THAT(to_text(report), HasSubstr("skipped    " + at("mixed/silent.wav") + ": is silent\n"));

  c.out = at("nothing"), c.target = {at("mixed/silent.wav"), at("mixed/short.wav")};
  EXPECT_EQ(error_of([&] { adapt(c); }),
            "target: none of 2 recordings can be used; the first: " + report.target.skipped[0]);
  EXPECT_FALSE(fs::exists(at("nothing")));
}

TEST_F(Adapt, RefusesWhatItCannotDoAndWritesNothing) {
  const auto refusal = [](const AdaptConfig& c) { return error_of([&] { adapt(c); }); };
  train_tiny("rave");
  AdaptConfig c = config("refused");
  c.run = at("rave");
  EXPECT_EQ(refusal(c),
            at("rave") +
                ": its model has no AdaIN slots; set model.adain: true, e.g. by configs/models/v3.yaml, and train it");
  c = config("refused");
  fs::create_directories(at("empty"));
  write_file(at("empty/notes.txt"), std::string("no sound"));
  c.source = {at("empty")};
  EXPECT_EQ(refusal(c), "source: no recordings in " + at("empty") + " (there are: .txt 1)");
  c.source = {at("nowhere")};
  EXPECT_EQ(refusal(c), at("nowhere") + ": no such file or folder");
  EXPECT_FALSE(fs::exists(at("refused")));
  c = config("v3");
  const std::string before = read_file(at("v3/checkpoints/last.safetensors"));
  EXPECT_EQ(refusal(c), at("v3") + ": holds a run already; name another folder with --out");
  EXPECT_EQ(read_file(at("v3/checkpoints/last.safetensors")), before);
}

}  // namespace
}  // namespace nr
