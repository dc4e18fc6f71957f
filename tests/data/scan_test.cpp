#include "data/scan.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "base/files.h"
#include "support/errors.h"
#include "support/temporary.h"

namespace nr {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> names_of(const Scan& scan) {
  std::vector<std::string> out;
  for (const Source& source : scan.sources) out.push_back(source.name);
  return out;
}

TEST(Scan, FindsRecordingsBelowAFolderAndCountsTheRest) {
  TemporaryFolder folder;
  for (const char* file : {"b/c/deep.FLAC", "a.wav", "notes.txt", ".hidden.wav", "b/._a.wav", "readme"})
    write_file(folder / file, "x");
  const Scan found = scan({folder.path().string()});
  EXPECT_THAT(names_of(found), ElementsAre("a.wav", "b/c/deep.FLAC"));
  EXPECT_EQ(extensions_text(found.other), "without extension 1, .txt 1");
}

TEST(Scan, ListsAFileOnceHoweverManyInputsNameIt) {
  TemporaryFolder folder;
  write_file(folder / "a.wav", "x");
  fs::create_symlink(folder / "a.wav", folder / "z.wav");
  EXPECT_THAT(names_of(scan({folder.path().string(), (folder / "a.wav").string(), folder.path().string() + "/."})),
              ElementsAre("a.wav"));
}

TEST(Scan, FollowsLinksToFoldersButNotInCircles) {
  TemporaryFolder folder;
  write_file(folder / "real/a.wav", "x");
  fs::create_directories(folder / "in");
  fs::create_directory_symlink(folder / "real", folder / "in/link");
  fs::create_directory_symlink(folder / "in", folder / "in/loop");
  EXPECT_THAT(names_of(scan({(folder / "in").string()})), ElementsAre("link/a.wav"));
}

TEST(Scan, ReadsLabelsFromAManifest) {
  TemporaryFolder folder;
  write_file(folder / "a b.wav", "x");
  write_file(folder / "manifest.csv", "pitch,path\n60,a b.wav\n61,gone.wav\n");
  for (const std::string& input : {folder.path().string(), (folder / "manifest.csv").string()}) {
    const Scan found = scan({input});
    ASSERT_EQ(found.sources.size(), 2u);
    EXPECT_EQ(found.sources[0].labels.at("pitch"), "60");
    EXPECT_EQ(found.sources[0].problem, "");
    EXPECT_THAT(found.sources[1].problem, HasSubstr("no such file (named in "));
    EXPECT_THAT(found.sources[1].problem, HasSubstr("manifest.csv:3)"));
  }
}

TEST(Scan, MarksWhatAManifestNamesOutsideItsFolder) {
  TemporaryFolder folder;
  const std::string elsewhere = (folder / "elsewhere.wav").string(), inside = (folder / "set/b.wav").string();
  for (const char* file : {"elsewhere.wav", "up.wav", "set/a.wav", "set/b.wav", "set/deep/c.wav"})
    write_file(folder / file, "x");
  write_file(folder / "set/list.csv",
             "path\na.wav\ndeep/../deep/c.wav\n../up.wav\n" + elsewhere + "\n" + inside + "\n");
  std::vector<std::string> outside;
  const Scan found = scan({(folder / "set/list.csv").string()});
  ASSERT_EQ(found.sources.size(), 5u);
  for (const Source& source : found.sources)
    if (source.outside) outside.push_back(source.path.filename().string());
  EXPECT_THAT(outside, testing::UnorderedElementsAre("elsewhere.wav", "up.wav"));
  for (const Source& source : scan({folder.path().string(), (folder / "set/list.csv").string()}).sources)
    EXPECT_FALSE(source.outside) << source.path << " lies in a folder that the user named";
}

TEST(Scan, ReadsLabelsOfNsynth) {
  TemporaryFolder folder;
  write_file(folder / "audio/bass_000-024-075.wav", "x");
  write_file(folder / "examples.json",
             R"({"bass_000-024-075": {"pitch": 24, "instrument_str": "bass_000", "qualities_str": ["dark", "long"]}})");
  for (const std::string& input : {folder.path().string(), (folder / "examples.json").string()}) {
    const Scan found = scan({input});
    ASSERT_EQ(found.sources.size(), 1u);
    EXPECT_EQ(found.sources[0].labels.at("pitch"), "24");
    EXPECT_EQ(found.sources[0].labels.at("instrument_str"), "bass_000");
    EXPECT_EQ(found.sources[0].labels.at("qualities_str"), "dark long");
  }
  write_file(folder / "examples.json", "{\"half");
  EXPECT_THAT(error_of([&] { scan({folder.path().string()}); }), HasSubstr("is not a JSON object of notes"));
}

TEST(Scan, ReadsWordAndSpeakerOfSpeechCommands) {
  TemporaryFolder folder;
  write_file(folder / "zero/0a7c2a8d_nohash_0.wav", "x");
  const Scan found = scan({(folder / "zero").string()});
  EXPECT_EQ(found.sources.at(0).labels.at("folder"), "zero");
  EXPECT_EQ(found.sources.at(0).labels.at("speaker"), "0a7c2a8d");
}

TEST(Scan, UnderstandsPatternsAndExclusions) {
  TemporaryFolder folder;
  for (const char* file : {"one/dry/a.wav", "one/wet/a.wav", "two/dry/b.wav", "two/dry/noise/c.wav"})
    write_file(folder / file, "x");
  EXPECT_THAT(names_of(scan({folder.path().string() + "/*/dry"}, {"noise/*"})), ElementsAre("a.wav", "b.wav"));
  EXPECT_THAT(error_of([&] { scan({folder.path().string() + "/*/none"}); }),
              HasSubstr("/*/none: no file or folder matches this pattern"));
}

TEST(Scan, SaysWhatIsWrongWithAManifest) {
  TemporaryFolder folder;
  const std::string file = (folder / "manifest.csv").string();
  write_file(file, "Path,pitch\na.wav,60\n");
  EXPECT_EQ(error_of([&] { scan({file}); }), file + ":1: no column named 'path' (did you mean 'Path'?)");
  write_file(file, "path,pitch\na.wav\n");
  EXPECT_EQ(error_of([&] { scan({file}); }), file + ":2: 1 cells, the header has 2");
}

TEST(Scan, SaysWhichInputIsMissing) {
  EXPECT_EQ(error_of([] { scan({"/nowhere/at/all"}); }), "/nowhere/at/all: no such file or folder");
  EXPECT_EQ(error_of([] { scan({}); }), "data.inputs is empty: name a folder of recordings");
}

}  // namespace
}  // namespace nr
