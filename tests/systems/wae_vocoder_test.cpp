// A decoder of notes and a vocoder that learn together.
#include <gmock/gmock.h>
#include <torch/torch.h>

#include "base/files.h"
#include "data/prepare.h"
#include "evaluation/journal.h"
#include "evaluation/results.h"
#include "generation/note_instrument.h"
#include "nn/checkpoint.h"
#include "support/errors.h"
#include "support/note_set.h"
#include "support/temporary.h"
#include "systems/table.h"
#include "systems/vocoder.h"
#include "systems/wae.h"
#include "training/train.h"

namespace nr {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

const std::string kConfigs = std::string(NR_SOURCE_DIR) + "/configs/";

// A vocoder, notes of wae_style, and both trained together from there.
struct JointRun {
  TemporaryFolder folder;

  JointRun() {
    write_notes(folder / "notes");
    config::Value vocoder = config::load(kConfigs + "vocoder/vocos.yaml");
    make_small_notes(vocoder, folder / "notes", folder / "vocoder_cache");
    train_with(vocoder, {"data.labels=[]", "data.classes={}", "model.width=16", "model.blocks=1",
                         "training.stft_sizes=[512, 256]", "training.phases.representation.steps=40"},
               "vocos", {});
    train_with(notes("wae_style.yaml"), {"training.phases.representation.steps=20"}, "wae", {});
  }

  config::Value notes(const std::string& configs) const {
    config::Value root = config::load(kConfigs + "wae/" + configs);
    make_small_wae(root, folder / "notes", folder / "cache");
    return root;
  }

  config::Value joint() const {
    config::Value root = notes("wae_style.yaml+" + kConfigs + "wae/joint.yaml");
    config::set(root, "model.vocoder=" + (folder / "vocos").string());
    config::set(root, "training.stft_sizes=[512, 256]");
    config::set(root, "training.phases.joint.optimisers.sound.lr=0.003");
    return root;
  }

  void train_with(config::Value root, const std::vector<std::string>& settings, const std::string& run,
                  const TrainOptions& options) const {
    for (const std::string& setting : settings) config::set(root, setting);
    const RunConfig config = read_run_config(root);
    prepare(config.data, config.descriptors);
    train(config, folder / run, options);
  }
};

torch::Tensor all_of(const Checkpoint& checkpoint, const std::string& part) {
  std::vector<torch::Tensor> out;
  for (const auto& [name, tensor] : checkpoint.tensors)
    if (name.rfind(part + "/", 0) == 0 && tensor.is_floating_point()) out.push_back(tensor.flatten());
  return torch::cat(out);
}

TEST(WaeVocoder, LearnsTogetherWithTheDecoder) {
  const JointRun runs;
  TrainOptions options;
  options.init_from = runs.folder / "wae";
  runs.train_with(runs.joint(), {"training.phases.joint.steps=40", "training.validate_every=10"}, "joint", options);
  const auto of = [&](const char* run) { return read_checkpoint(find_checkpoint(runs.folder / run)); };
  const Checkpoint joint = of("joint"), wae = of("wae"), vocos = of("vocos");
  EXPECT_TRUE(all_of(joint, "encoder").equal(all_of(wae, "encoder"))) << "nothing trains it";
  EXPECT_FALSE(all_of(joint, "decoder").equal(all_of(wae, "decoder")));
  const auto before = all_of(vocos, "decoder"), after = all_of(joint, "vocoder");
  ASSERT_EQ(before.numel(), after.numel());
  EXPECT_GT((after - before).norm().item<double>(), 0);
  EXPECT_LT((after - before).norm().item<double>(), 0.3 * before.norm().item<double>()) << "it begins as trained";
  for (const JournalCurve& curve : read_journal(runs.folder / "joint/journal.jsonl"))
    if (curve.name == "validation/spectral_convergence") {
      EXPECT_LT(curve.values.back(), 0.98 * curve.values.front()) << "of 30 steps of a vocoder that hardly sounds";
    }

  fs::remove_all(runs.folder / "vocos");  // from here on the checkpoint is all there is
  const auto system = load_wae(joint);
  const auto made = system->decode(torch::zeros({1, 3}), torch::rand({1, system->classes()}));
  EXPECT_FALSE(system->sound(made).equal(system->spectrogram().sound(made, system->model().griffin_lim)));
  const NoteInstrument instrument((runs.folder / "joint").string(), {});
  auto condition = torch::zeros({1, system->classes()});
  condition[0][0] = condition[0][12] = condition[0][14] = 1;  // C4, the first instrument
  const auto sound = system->sound(system->decode(torch::zeros({1, 3}), condition)).flatten();
  const std::vector<float> played = instrument.note(60, instrument.initial());
  EXPECT_TRUE(torch::tensor(played).allclose(sound));

  EvaluationConfig quick;
  quick.examples = 1, quick.bootstrap = 100;
  evaluate({runs.folder / "joint"}, quick);
  EXPECT_THAT(read_file(runs.folder / "joint/evaluation/table.md"), HasSubstr("its vocoder"));
}

TEST(WaeVocoder, ResumesWithoutTheVocodersRun) {
  const JointRun runs;
  runs.train_with(runs.joint(), {"training.phases.joint.steps=2"}, "joint", {});
  fs::remove_all(runs.folder / "vocos");
  TrainOptions options;
  options.resume = true, options.accept = {"config"};
  runs.train_with(runs.joint(), {"training.phases.joint.steps=4"}, "joint", options);
  EXPECT_EQ(step_of(read_checkpoint(find_checkpoint(runs.folder / "joint"))), 4);
}

TEST(WaeVocoder, IsRefusedWhereItDoesNotFit) {
  const JointRun runs;
  const auto error = [&](const std::vector<std::string>& settings) {
    return error_of([&] { runs.train_with(runs.joint(), settings, "refused", {}); });
  };
  EXPECT_THAT(error({"model.vocoder=\"\""}),
              HasSubstr("reads target.audio, which needs model.vocoder, which is empty"));
  const std::string losses = "training.phases.joint.optimisers.sound.losses.";
  EXPECT_THAT(error({"model.vocoder=\"\"", losses + "spectral_convergence=0", losses + "log_magnitude=0"}),
              HasSubstr("sound.parts: vocoder, but model.vocoder is empty"));
  EXPECT_THAT(error({"model.law=power"}), HasSubstr("model.law: power, but the vocoder"));
  EXPECT_THAT(error({"model.mels=24"}), HasSubstr("vocos: a vocoder of 32 bands from 30 to 4000 Hz, window 512, step "
                                                  "128, 8000 Hz, but the notes are 24 bands"));
  EXPECT_THAT(error({"model.vocoder=" + (runs.folder / "wae").string()}),
              HasSubstr("holds a model of type wae, expected vocoder"));
  EXPECT_FALSE(fs::exists(runs.folder / "refused/vocoder.safetensors"));
}

// Sounds whose level the law log1p leaves out are compared at their own.
TEST(NoteSpectrogram, GivesMagnitudesAtTheLevelsOfSounds) {
  for (const char* law : {"log1p", "log"}) {
    SpectrogramConfig config;
    config.window = 512, config.step = 128, config.mels = 24, config.frames = 8, config.high = 4000, config.law = law;
    NoteSpectrogram spectrogram(config, 8000);
    torch::manual_seed(1);
    const auto sound = torch::randn({2, 1, 1024}) * torch::tensor({0.5f, 0.05f}).reshape({2, 1, 1});
    spectrogram.measure(sound);
    const auto wanted = MelBands(config, 8000).magnitudes(sound);
    const auto found = spectrogram.linear(spectrogram.forward(sound), spectrogram.levels(sound));
    const auto off = ((found - wanted).abs() - config.floor).clamp_min(0) / wanted;
    EXPECT_LT(off.max().item<double>(), 1e-3) << law;
  }
}

}  // namespace
}  // namespace nr
