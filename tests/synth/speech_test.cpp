#include "synth/speech.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "audio/clip.h"
#include "base/files.h"
#include "support/command.h"
#include "support/errors.h"
#include "support/temporary.h"
#include "synth/render.h"

namespace nr {
namespace {
namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

// PATH while it lives.
class Path {
 public:
  explicit Path(const fs::path& folders) : before_(std::getenv("PATH")) { setenv("PATH", folders.c_str(), 1); }
  ~Path() { setenv("PATH", before_.c_str(), 1); }

 private:
  std::string before_;
};

// A program of that name that runs this script; PATH must hold what the script calls.
void install(const fs::path& folder, const std::string& script) {
  write_file(folder / "espeak-ng", "#!/bin/sh\n" + script);
  fs::permissions(folder / "espeak-ng", fs::perms::owner_all);
}

Recipe digits() {
  Recipe recipe;
  recipe.spoken = {{"zero", "seven"}, {"en", "en-us+f3"}, {150}, {50}, 50, 1};
  return recipe;
}

TEST(Speech, PassesTheWordAsAnArgumentAfterAllOptions) {
  EXPECT_THAT(speech_command({"zero", "en-us+f3", 120, 20, 60, 1}, "a b.wav"),
              ElementsAre("espeak-ng", "-z", "-v", "en-us+f3", "-s", "120", "-p", "20", "-a", "60", "-w", "a b.wav",
                          "--", "zero"));
}

TEST(Speech, NamesThePackageOfAMissingProgramAndLeavesNoFolder) {
  TemporaryFolder folder;
  const Path path(folder.path());
  EXPECT_EQ(error_of([&] { render(digits(), folder / "out"); }),
            "espeak-ng: cannot be started (No such file or directory): apt-get install espeak-ng");
  EXPECT_FALSE(fs::exists(folder / "out"));
}

TEST(Speech, RefusesALanguageOrAVariantThatTheProgramHasNot) {
  TemporaryFolder folder;
  install(folder.path(), "case $2 in xx*) exit 1 ;; esac\n[ \"$2\" = en+f3 ] && echo another\nexit 0\n");
  const Path path(folder.path());
  EXPECT_EQ(error_of([] { check_voices({"en", "en+f3"}); }), "no error");
  EXPECT_EQ(error_of([] {
              check_voices({"en", "xx+f3"});
            }),
            "espeak-ng has no voice 'xx' (espeak-ng --voices lists them)");
  EXPECT_THAT(error_of([] { check_voices({"en+f33"}); }),
              HasSubstr("espeak-ng says 'en+f33' as it says 'en': the variant is not in"));
}

TEST(Speech, SaysInOneLineWhatTheProgramSaidOfItsFailure) {
  TemporaryFolder folder;
  install(folder.path(), "echo 'first line' >&2\necho second\nexit 3\n");
  const Path path(folder.path());
  EXPECT_EQ(error_of([] { Speech(16000).say({"zero", "en", 150, 50, 100, 1}); }),
            "espeak-ng: could not say 'zero' as 'en' (status 3: first line)");
}

TEST(Speech, DoesNotTakeSuccessWithoutAFileForASpokenWord) {
  TemporaryFolder folder;
  install(folder.path(), "exit 0\n");
  const Path path(folder.path());
  EXPECT_THAT(error_of([] { Speech(16000).say({"zero", "en", 150, 50, 100, 1}); }), HasSubstr("could not say 'zero'"));
}

TEST(Speech, PutsTheWordAmidSilence) {
  TemporaryFolder folder;
  write_wav(folder / "spoken.wav", std::vector<float>(8000, 0.5f), 16000);
  install(folder.path(), "/bin/cp '" + (folder / "spoken.wav").string() + "' \"${11}\"\n");
  const Path path(folder.path());
  const std::vector<float> samples = Speech(16000).say({"zero", "en", 150, 50, 100, 1});
  ASSERT_EQ(samples.size(), 16000u);
  EXPECT_EQ(samples[3999], 0);
  EXPECT_NEAR(samples[4000], 0.5, 1e-3);
  EXPECT_NEAR(samples[11999], 0.5, 1e-3);
  EXPECT_EQ(samples[12000], 0);
  EXPECT_EQ(error_of([] {
              Speech(16000).say({"zero", "en", 150, 50, 100, 0.4});
            }),
            "recipe: 'zero' by 'en' at 150 words a minute lasts 0.5 s, more than 0.4 s: raise spoken.speeds or "
            "spoken.seconds");
}

TEST(Speech, RendersWordsOfOneSecondWithAManifest) {
  if (!installed("espeak-ng")) GTEST_SKIP() << "install espeak-ng";
  TemporaryFolder folder;
  const RenderReport report = render(digits(), folder / "out");
  EXPECT_EQ(report.files, 4u);
  EXPECT_EQ(report.clipped_files, 0u);
  EXPECT_THAT(read_file(folder / "out/manifest.csv"), HasSubstr("\nseven/en-us+f3-150-50.wav,seven,en-us+f3,150,50\n"));
  EXPECT_THAT(read_file(folder / "out/LICENCE.txt"), HasSubstr("General Public Licence"));
  const auto energy = [&](const std::string& file) {
    const Clip clip = read_clip(folder / "out" / file);
    EXPECT_EQ(clip.samples.size(), 16000u) << file;
    EXPECT_EQ(clip.sample_rate, 16000) << file;
    double sum = 0;
    for (const float x : clip.samples) sum += x * x;
    return sum;
  };
  for (const char* file : {"zero/en-150-50.wav", "zero/en-us+f3-150-50.wav", "seven/en-150-50.wav"})
    EXPECT_GT(energy(file), 5) << file;
  EXPECT_NE(read_file(folder / "out/zero/en-150-50.wav"), read_file(folder / "out/seven/en-150-50.wav"));
  EXPECT_TRUE(render(digits(), folder / "out").up_to_date);
}

TEST(Speech, ChecksTheVoicesOfTheInstalledProgram) {
  if (!installed("espeak-ng")) GTEST_SKIP() << "install espeak-ng";
  EXPECT_EQ(error_of([] { check_voices({"en", "en-us+f3"}); }), "no error");
  EXPECT_THAT(error_of([] { check_voices({"klingonese"}); }), HasSubstr("has no voice 'klingonese'"));
  EXPECT_THAT(error_of([] { check_voices({"en-us+nobody"}); }), HasSubstr("says 'en-us+nobody' as it says 'en-us'"));
  EXPECT_THAT(error_of([] { check_voices({"en-gb+f3"}); }), HasSubstr("says 'en-gb+f3' as it says 'en-gb'"));
}

}  // namespace
}  // namespace nr
