// Pedals in a process of their own: with programs in sox's place, and with sox and its plug-ins where they are
// installed.
#include "effects/pedals.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "base/files.h"
#include "effects/tone.h"
#include "support/command.h"
#include "support/errors.h"
#include "support/temporary.h"

namespace nr {
namespace {
namespace fs = std::filesystem;
using testing::ContainsRegex;
using testing::FloatNear;
using testing::HasSubstr;
using testing::Not;
using testing::Pointwise;

// A shell script is found as each host of pedals while this lives.
class InPlaceOfPrograms {
 public:
  explicit InPlaceOfPrograms(const std::string& script) : path_(std::getenv("PATH")) {
    for (const char* program : {"sox", "ffmpeg", "python3"}) {
      if (script.empty()) break;
      write_file(folder_ / program, "#!/bin/sh\n" + script + "\n");
      fs::permissions(folder_ / program, fs::perms::owner_all);
    }
    setenv("PATH", script.empty() ? folder_.path().c_str() : (folder_.path().string() + ":" + path_).c_str(), 1);
  }
  ~InPlaceOfPrograms() { setenv("PATH", path_.c_str(), 1); }

 private:
  TemporaryFolder folder_;
  std::string path_;
};

Links overdrive(double gain = 20, double colour = 20) {
  return {{&effects().at("pedal_overdrive"), {gain, colour}, 1, 0}};
}

TEST(Pedal, IsFedAsAStream) {
  const InPlaceOfPrograms cat("exec cat");
  const std::vector<float> x = tone(0.5, 30000);
  EXPECT_EQ(apply(overdrive(), x, kToneRate, ChainConfig::Level::kNone).samples, x) << "its latency is taken away";
  std::vector<float> cut = x, whole = x;
  const auto effect = effects().at("pedal_overdrive").make({20, 20}, kToneRate);
  for (int i = 0; i < 30000; i += 999) effect->process(&cut[size_t(i)], std::min(999, 30000 - i));
  effects().at("pedal_overdrive").make({20, 20}, kToneRate)->process(whole.data(), 30000);
  EXPECT_EQ(cut, whole);
}

TEST(Pedal, ThatIsNotThereEndsOrHangsIsAnErrorInOneLine) {
  const auto made = [] { apply(overdrive(), tone(0.5, 20000), kToneRate, ChainConfig::Level::kNone); };
  {
    const InPlaceOfPrograms nothing("");
    EXPECT_THAT(error_of(made), HasSubstr("pedal_overdrive: sox cannot be started (No such file or directory): apt-get "
                                          "install sox"));
  }
  {
    const InPlaceOfPrograms ends("exit 2");
    EXPECT_THAT(error_of(made), HasSubstr("pedal_overdrive: sox has ended; what it needs may not be there: apt-get "
                                          "install sox"));
  }
  const InPlaceOfPrograms hangs("exec sleep 60");
  EXPECT_THAT(error_of(made), HasSubstr("pedal_overdrive: sox gave nothing for 5 s"));
}

TEST(Pedal, HasAPlaceForEachParameter) {
  const TemporaryFolder folder;
  const InPlaceOfPrograms says("echo \"$@\" > " + (folder / "said").string() + "; exec cat");
  for (const EffectKind& kind : pedals()) {
    Settings settings;
    for (size_t i = 0; i < kind.parameters.size(); ++i) settings.push_back(0.25 + double(i));
    through(kind.name, settings, tone(0.5, 20000));
    const std::string said = read_file(folder / "said");
    EXPECT_THAT(said, HasSubstr(" 24000"));
    EXPECT_EQ(said.find('%'), std::string::npos) << kind.name;
    for (const double setting : settings) EXPECT_THAT(said, ContainsRegex(text("[ =]", setting, "[^.0-9]")));
  }
}

// |A - B| / |A| of spectra of half a second, levels matched.
double convergence(const std::vector<float>& a, const std::vector<float>& b) {
  RealFft fft(kToneRate / 2);
  std::vector<std::complex<float>> one(size_t(fft.bins())), other(one.size());
  fft.forward(a.data() + kToneRate, one.data()), fft.forward(b.data() + kToneRate, other.data());
  double first = 0, second = 0, apart = 0;
  for (size_t k = 0; k < one.size(); ++k) first += std::norm(one[k]), second += std::norm(other[k]);
  for (size_t k = 0; k < one.size(); ++k)
    apart += std::pow(std::abs(one[k]) - std::sqrt(first / second) * std::abs(other[k]), 2);
  return std::sqrt(apart / first);
}

TEST(Pedal, OfSoxIsWhatOursIsAfterItsFormula) {
  if (!installed("sox")) GTEST_SKIP() << "sox is not installed: apt-get install sox";
  const std::vector<float> x = tone(0.3, 2 * kToneRate);
  for (const double gain : {5.0, 20.0, 35.0}) {
    const auto theirs = apply(overdrive(gain, 20), x, kToneRate, ChainConfig::Level::kNone).samples;
    const auto ours = through("sox_overdrive", {gain, 20}, x);
    EXPECT_LT(convergence(theirs, ours), 0.15) << gain;
  }
}

TEST(Pedal, OfEveryPluginThatIsInstalledChangesATone) {
  if (!installed("sox") || !fs::exists("/usr/lib/ladspa/valve_1209.so"))
    GTEST_SKIP() << "not installed: apt-get install sox swh-plugins tap-plugins caps";
  const std::vector<float> x = tone(0.3, 2 * kToneRate);
  for (const EffectKind& kind : pedals()) {
    try {
      const Links links{{&kind, initial_values(kind.parameters), 1, 0}};
      const auto y = apply(links, x, kToneRate, ChainConfig::Level::kRms).samples;
      EXPECT_EQ(y.size(), x.size());
      if (kind.name == std::string("pedalboard_chorus") || kind.name == std::string("pedalboard_reverb"))
        EXPECT_THAT(y, Not(Pointwise(FloatNear(0.01f), x))) << kind.name;  // they add no harmonics
      else EXPECT_GT(partials(y).thd, 1e-4) << kind.name;
      EXPECT_EQ(apply(links, x, kToneRate, ChainConfig::Level::kRms).samples, y) << kind.name << " twice";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), ContainsRegex("apt-get install|pip install")) << "other packages may be absent";
    }
  }
}

}  // namespace
}  // namespace nr
