#include "generation/performer.h"

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <thread>

#include "base/files.h"
#include "base/random.h"
#include "support/errors.h"
#include "support/synthesizer_run.h"

namespace nr {
namespace {

using testing::HasSubstr;

std::string text_at(const OscMessage& m, size_t i) { return std::get<std::string>(m.arguments.at(i)); }
float number_at(const OscMessage& m, size_t i) { return std::get<float>(m.arguments.at(i)); }

// One trained run for all tests here.
struct Trained {
  TemporaryFolder folder;
  ServeConfig config;
  Trained() {
    train_small(folder, "vae.yaml");
    config.run = folder / "run", config.presets = folder / "presets.csv";
  }
};
Trained& trained() {
  static Trained one;
  return one;
}

TEST(Performer, DecodesPlacesIntoParameters) {
  Performer performer(trained().config);
  const auto there = performer.answer({"/decode", {1.5f, 0.f, 0, 0}});
  ASSERT_EQ(there.size(), 2u);
  EXPECT_EQ(there[0].path, "/z_pos");
  ASSERT_EQ(there[1].path, "/params");
  ASSERT_EQ(there[1].arguments.size(), 4u);
  EXPECT_EQ(text_at(there[1], 0), "filter_cutoff");
  EXPECT_GE(number_at(there[1], 1), 60);
  EXPECT_LE(number_at(there[1], 1), 10000);
  const auto state = performer.answer({"/get_state", {}});
  ASSERT_EQ(state.size(), 3u);
  EXPECT_EQ(state[2].arguments, there[1].arguments) << "it stays where it was";
}

TEST(Performer, KeepsOtherDimensionsWhereItIsFrozen) {
  Performer performer(trained().config);
  const int dimensions = std::get<int32_t>(performer.answer({"/get_state", {}})[0].arguments[0]);
  performer.answer({"/decode_hand", {2.f, 0, 0.f, -1, 0.f, -1, 0.f, -1, 0.f, -1, 0.f, -1}});
  performer.answer({"/set_freeze_mode", {1}});
  EXPECT_EQ(number_at(performer.answer({"/decode_hand", {0.f, -1, 0.f, -1, 0.f, -1, 0.f, -1, 0.f, -1, 0.f, -1}})[0], 0),
            2);
  performer.answer({"/set_freeze_mode", {0}});
  const auto free = performer.answer({"/decode_hand", {0.f, -1, 0.f, -1, 0.f, -1, 0.f, -1, 0.f, -1, 0.f, -1}});
  EXPECT_EQ(int(free[0].arguments.size()), dimensions);
  EXPECT_EQ(number_at(free[0], 0), 0);
}

TEST(Performer, EncodesARecordingAndItsPitch) {
  Performer performer(trained().config);
  const std::string recording = trained().folder / "set/sampled/000003.wav";
  const auto plain = performer.answer({"/encode", {recording}});
  ASSERT_EQ(plain.size(), 2u);
  EXPECT_EQ(plain[1].path, "/params");
  performer.answer({"/set_pitch_shift", {1}});
  const auto moved = performer.answer({"/encode", {recording}});
  ASSERT_EQ(moved.size(), 3u);
  EXPECT_EQ(moved[0].path, "/target_pitch");
  EXPECT_THAT(text_at(performer.answer({"/encode", {"none.wav"}})[0], 0), HasSubstr("none.wav"));
}

TEST(Performer, WritesPresetsAndGoesBackToThem) {
  Performer performer(trained().config);
  const auto written = performer.answer({"/preset_space", {}});
  ASSERT_EQ(written[0].path, "/presets");
  const std::string csv = read_file(text_at(written[0], 0));
  EXPECT_THAT(csv, HasSubstr("hash,path,tags,coordinates\n"));
  const std::string hash = csv.substr(csv.find('\n') + 1, csv.find(',', csv.find('\n')) - csv.find('\n') - 1);
  const auto loaded = performer.answer({"/load_preset", {hash}});
  ASSERT_EQ(loaded.size(), 2u) << text_at(loaded[0], 0);
  // The coordinates lead to the same parameters as the latent itself.
  const auto again = performer.answer({"/get_state", {}});
  for (size_t i = 1; i < 4; i += 2) EXPECT_NEAR(number_at(again[2], i), number_at(loaded[1], i), 0.01 * 10000);
  EXPECT_THAT(text_at(performer.answer({"/load_preset", {"ffff"}})[0], 0), HasSubstr("no preset ffff"));
}

TEST(Performer, PlaysAPathBetweenItsEnds) {
  Performer performer(trained().config);
  EXPECT_THAT(text_at(performer.answer({"/play_path", {0.5f}})[0], 0), HasSubstr("the path has no point"));
  performer.answer({"/add_free_path", {-2.f, 0.f, 0, 0}});
  performer.answer({"/add_free_path", {2.f, 0.f, 0, 0}});
  const auto first = performer.answer({"/play_path", {0.f}}), middle = performer.answer({"/play_path", {0.5f}});
  EXPECT_NEAR(number_at(first[0], 0), 0, 1e-4) << "the second pair names the same dimension";
  EXPECT_EQ(middle.size(), 2u);
  performer.answer({"/set_path_use_z", {0}});
  EXPECT_EQ(performer.answer({"/play_path", {1}})[0].path, "/params");
  performer.answer({"/clear_path", {}});
  EXPECT_EQ(performer.answer({"/play_path", {0.f}})[0].path, "/print");
}

TEST(Performer, AnswersEveryMessageWhateverItsArguments) {
  Performer performer(trained().config);
  const std::vector<std::string> paths{
      "/ping", "/get_state", "/resend_state", "/model_params", "/set_freeze_mode", "/set_pitch_shift",
      "/set_pitch_octave", "/set_path_use_z", "/set_model", "/set_dataset", "/preset_space", "/dimension_analysis",
      "/clear_path", "/add_free_path", "/add_preset_path", "/play_path", "/load_preset", "/decode", "/decode_hand",
      "/encode", "/nothing"};
  Random random(11);
  for (int i = 0; i < 1000; ++i) {
    OscMessage message{paths[random.below(paths.size())], {}};
    const uint64_t count = random.below(14);
    for (uint64_t a = 0; a < count; ++a) {
      const float wild[] = {0, 1, -1, 0.5f, 1e30f, -1e30f, std::nanf(""), INFINITY};
      if (const uint64_t kind = random.below(5); kind == 0) message.arguments.emplace_back(std::string("x"));
      else if (kind < 3) message.arguments.emplace_back(int32_t(random.below(7)) - 2);
      else message.arguments.emplace_back(wild[random.below(8)]);
    }
    for (const OscMessage& answer : performer.answer(message)) {
      EXPECT_EQ(parse_osc(osc_bytes(answer)).size(), 1u);
      for (const OscArgument& a : answer.arguments)
        if (const auto* value = std::get_if<float>(&a)) {
          EXPECT_TRUE(std::isfinite(*value)) << message.path;
        }
    }
  }
  EXPECT_EQ(performer.answer({"/ping", {}})[0].path, "/print");
}

TEST(Performer, OfARunWithoutALatentEncodesOnly) {
  const TemporaryFolder folder;
  train_small(folder, "flow_matching.yaml");
  ServeConfig config;
  config.run = folder / "run";
  Performer performer(config);
  EXPECT_EQ(performer.answer({"/encode", {(folder / "set/sampled/000003.wav").string()}})[0].path, "/params");
  EXPECT_THAT(text_at(performer.answer({"/decode", {0.f, 0.f, 0, 1}})[0], 0), HasSubstr("no latent"));
}

TEST(Serve, AnswersOverUdpUntilItIsStopped) {
  UdpPort replies("127.0.0.1", 0);
  ServeConfig config = trained().config;
  { config.port = UdpPort("127.0.0.1", 0).port(); }
  config.reply = replies.port();
  std::thread server([&] { serve(config); });
  std::optional<std::string> got;
  for (int i = 0; i < 100 && !got; ++i) {  // until it listens
    replies.send("127.0.0.1", config.port, osc_bytes({"/ping", {}}));
    got = replies.receive(300);
  }
  ASSERT_TRUE(got);
  EXPECT_EQ(parse_osc(*got)[0].path, "/print");
  replies.send("127.0.0.1", config.port, "no OSC");
  replies.send("127.0.0.1", config.port, osc_bytes({"/stop", {}}));
  server.join();
}

}  // namespace
}  // namespace nr
