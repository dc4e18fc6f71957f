#include "synth/folder.h"

#include <gmock/gmock.h>

#include "base/files.h"
#include "support/errors.h"
#include "support/temporary.h"
#include "synth/render.h"

namespace nr {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

const char* const kTitle = "Made by render, one file a line. The next render may replace or remove them.\n";

Recipe violin() {
  Recipe recipe;
  recipe.instruments = {{"violin", "bowed", 40, 69, 69, 1, {}, 0, 0}};
  return recipe;
}

// What lies below a folder: name -> contents.
std::map<std::string, std::string> files_of(const fs::path& folder) {
  std::map<std::string, std::string> out;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) out[entry.path().lexically_relative(folder).string()] = read_file(entry.path());
  return out;
}

TEST(RenderedFolder, OfLabelledRecordingsIsRefusedAndStaysAsItIs) {
  TemporaryFolder folder;
  write_file(folder / "out/take.wav", "a recording");
  write_file(folder / "elsewhere/take.wav", "another recording");
  write_file(folder / "out/manifest.csv",
             "path,pitch\ntake.wav,60\n" + (folder / "elsewhere/take.wav").string() + ",61\n");
  const auto before = files_of(folder.path());
  EXPECT_EQ(error_of([&] { render(violin(), folder / "out"); }),
            (folder / "out/manifest.csv").string() +
                ": was not made by render (rendered.txt does not list it): name another folder");
  EXPECT_EQ(files_of(folder.path()), before);
}

TEST(RenderedFolder, WithAFileInTheWayIsRefusedAndStaysAsItIs) {
  for (const char* mine : {"recipe.yaml", "LICENCE.txt", "violin/069-100.wav"}) {
    TemporaryFolder folder;
    write_file(folder / "out" / mine, "mine");
    EXPECT_THAT(error_of([&] { render(violin(), folder / "out"); }),
                HasSubstr(std::string(mine) + ": was not made by render"));
    EXPECT_EQ(files_of(folder.path()).size(), 1u);
    EXPECT_EQ(read_file(folder / "out" / mine), "mine");
  }
}

TEST(RenderedFolder, RemovesOnlyWhatItsListNames) {
  TemporaryFolder folder;
  const fs::path out = folder / "out";
  RenderedFolder first(out);
  first.claim({"a/1.wav", "a/2.wav", "manifest.csv"});
  for (const char* file : {"a/1.wav", "a/2.wav", "a/mine.wav"}) write_file(out / file, file);
  write_file(out / "manifest.csv", "path\na/1.wav\na/2.wav\na/mine.wav\n");

  RenderedFolder second(out);
  second.claim({"a/2.wav", "b/3.wav", "manifest.csv"});
  EXPECT_TRUE(fs::exists(out / "a/1.wav")) << "a claim removes nothing";
  second.remove_all_but({"a/2.wav", "b/3.wav", "manifest.csv"});
  EXPECT_FALSE(fs::exists(out / "a/1.wav"));
  EXPECT_TRUE(fs::exists(out / "a/2.wav"));
  EXPECT_TRUE(fs::exists(out / "a/mine.wav"));
  EXPECT_EQ(read_file(out / "rendered.txt"), std::string(kTitle) + "a/2.wav\nb/3.wav\nmanifest.csv\n");
}

// Between its claim and its end, a run that was killed has made some of the files.
TEST(RenderedFolder, MayReplaceWhatARunThatWasCutShortLeft) {
  TemporaryFolder folder;
  RenderedFolder(folder / "out").claim({"a/1.wav", "a/2.wav"});
  write_file(folder / "out/a/1.wav", "half a run");
  RenderedFolder next(folder / "out");
  EXPECT_EQ(error_of([&] { next.claim({"a/1.wav", "b/3.wav"}); }), "no error");
}

TEST(RenderedFolder, WhoseListNamesWhatLiesOutsideIsRefused) {
  TemporaryFolder folder;
  write_file(folder / "precious.wav", "a recording");
  const fs::path list = folder / "out/rendered.txt";
  for (const std::string& file :
       {(folder / "precious.wav").string(), std::string("../precious.wav"), std::string("a/../../precious.wav")}) {
    write_file(list, kTitle + std::string("a.wav\n") + file + "\n");
    EXPECT_EQ(error_of([&] { render(violin(), folder / "out"); }),
              list.string() + ":3: '" + file + "' is not the path of a file inside the folder");
  }
  EXPECT_EQ(read_file(folder / "precious.wav"), "a recording");
}

TEST(RenderedFolder, IsNotLeftThroughALink) {
  TemporaryFolder folder;
  write_file(folder / "precious/069-100.wav", "a recording");
  make_folder(folder / "out");
  fs::create_directory_symlink(folder / "precious", folder / "out/violin");
  const std::string error = (folder / "out/violin/069-100.wav").string() + " leads out of the folder, to ";
  EXPECT_THAT(error_of([&] { render(violin(), folder / "out"); }), HasSubstr(error));
  write_file(folder / "out/rendered.txt", kTitle + std::string("violin/069-100.wav\n"));
  EXPECT_THAT(error_of([&] { render(violin(), folder / "out"); }), HasSubstr("rendered.txt:2: " + error));
  EXPECT_EQ(read_file(folder / "precious/069-100.wav"), "a recording");
  EXPECT_FALSE(fs::exists(folder / "precious/rendered.txt"));
}

TEST(RenderedFolder, WithAListOfAnotherProgramIsRefused) {
  TemporaryFolder folder;
  write_file(folder / "out/rendered.txt", "take.wav\n");
  EXPECT_EQ(error_of([&] { render(violin(), folder / "out"); }),
            (folder / "out/rendered.txt").string() + ":1: is not a list that render wrote: name another folder");
}

}  // namespace
}  // namespace nr
