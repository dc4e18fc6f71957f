#include "synth/render_process.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <cmath>

#include "base/log.h"
#include "support/errors.h"
#include "synth/subtractive_fm.h"

namespace nr {
namespace {

using testing::HasSubstr;

// What it does with a note is its first value; the second it adds up, note after note.
enum Deed { kPlays, kCrashes, kHangs, kLeavesFinite, kBlowsUp, kFails, kExits };

class Unruly : public SynthHost {
 public:
  const SynthParameters& parameters() const override { return parameters_; }
  std::string version() const override { return "1.2"; }
  std::vector<float> play(const std::vector<double>& values, const SynthNote&, uint64_t seed) override {
    sum_ += values[1];
    switch (Deed(int(values[0]))) {
      case kPlays:
        return {float(sum_), float(seed)};
      case kCrashes:
        raise(SIGSEGV);
        break;
      case kHangs:
        for (;;) pause();
      case kLeavesFinite:
        return {0, NAN};
      case kBlowsUp:
        return {0, 0, -2000};
      case kFails:
        fail("no such voice");
      case kExits:
        _exit(0);
    }
    return {};
  }

 private:
  static constexpr auto kLinear = SynthParameter::Law::kLinear;
  SynthParameters parameters_{
      {"deed", SynthParameter::Kind::kInteger, kLinear, 0, 6, 0, "", {}, {}},
      {"sum", SynthParameter::Kind::kContinuous, kLinear, 0, 1, 0, "Hz", {}, {{"deed"}}}};
  double sum_ = 0;
};

std::unique_ptr<SynthHost> unruly() { return std::make_unique<Unruly>(); }

TEST(RenderProcess, CostsOneNoteWhateverTheSynthesizerDoes) {
  RenderProcess process(unruly, 0.3);
  const auto play = [&](Deed deed) { return process.play({double(deed), 0}, {}, 5); };
  EXPECT_EQ(play(kCrashes).problem, "crashed (signal 11)");
  const double before = now_seconds();
  EXPECT_EQ(play(kHangs).problem, "took longer than 0.3 s");
  EXPECT_LT(now_seconds() - before, 3);
  EXPECT_EQ(play(kLeavesFinite).problem, "blew up: sample 1 is not finite");
  EXPECT_EQ(play(kBlowsUp).problem, "blew up: sample 2 is beyond +60 dB");
  EXPECT_EQ(play(kFails).problem, "no such voice");
  EXPECT_EQ(play(kExits).problem, "ended before the note did");
  const Rendering good = play(kPlays);
  EXPECT_EQ(good.problem, "");
  EXPECT_THAT(good.samples, testing::ElementsAre(0, 5));
}

TEST(RenderProcess, LetsNoNoteHearWhatTheOneBeforeLeft) {
  RenderProcess process(unruly);
  for (int i = 0; i < 3; ++i) EXPECT_THAT(process.play({0, 0.5}, {}, 1).samples, testing::ElementsAre(0.5, 1));
}

TEST(RenderProcess, SaysWhatItsSynthesizerIs) {
  RenderProcess process(unruly);
  EXPECT_EQ(process.version(), "1.2");
  ASSERT_EQ(process.parameters().size(), 2u);
  EXPECT_EQ(process.parameters()[1].name, "sum");
  EXPECT_EQ(process.parameters()[1].unit, "Hz");
  EXPECT_EQ(process.parameters()[1].heard_with, (std::vector<std::vector<std::string>>{{"deed"}}));
  EXPECT_THAT(error_of([&] { process.play({1}, {}, 1); }), HasSubstr("1 values for the 2 parameters"));
}

TEST(RenderProcess, SaysWhyASynthesizerCannotBeLoaded) {
  EXPECT_EQ(error_of([] { RenderProcess([]() -> std::unique_ptr<SynthHost> { fail("install amsynth"); }); }),
            "install amsynth");
  EXPECT_EQ(error_of([] { RenderProcess([]() -> std::unique_ptr<SynthHost> { raise(SIGABRT), abort(); }); }),
            "the synthesizer crashed while it was loaded");
  EXPECT_EQ(error_of([] {
              RenderProcess([]() -> std::unique_ptr<SynthHost> { for (;;) pause(); }, 0.2);
            }),
            "the synthesizer was not loaded within 0.2 s");
}

TEST(RenderProcess, PlaysTheSynthesizerInTheTreeBitForBit) {
  RenderProcess process([] { return make_synth("subtractive_fm"); });
  const std::vector<double> values = initial_values(process.parameters());
  const SynthNote note{60, 127, 0.3, 0.5, 22050};
  EXPECT_EQ(process.play(values, note, 3).samples, SubtractiveFm().play(values, note, 3));
  EXPECT_THAT(error_of([] { make_synth("amsinth"); }), HasSubstr("no synthesizer named 'amsinth'"));
}

}  // namespace
}  // namespace nr
