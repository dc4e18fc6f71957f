#include "data/cache.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "base/files.h"
#include "support/errors.h"
#include "support/temporary.h"

namespace nr {
namespace {

using testing::HasSubstr;

TEST(Cache, GrowsByItselfAndGivesBackWhatWasPut) {
  TemporaryFolder folder;
  {
    CacheWriter writer(folder.path(), 1 << 20);
    for (int i = 0; i < 40; ++i)
      writer.put("key" + std::to_string(i), std::string(size_t(1) << 20, static_cast<char>('a' + i % 26)));
    writer.commit();
  }
  const CacheReader reader(folder.path());
  for (int i = 0; i < 40; ++i) {
    const auto value = reader.get("key" + std::to_string(i));
    ASSERT_TRUE(value);
    EXPECT_EQ(value->size(), size_t(1) << 20);
    EXPECT_EQ(value->back(), static_cast<char>('a' + i % 26));
    EXPECT_EQ(reinterpret_cast<uintptr_t>(value->data()) % 16, 0u);
  }
  EXPECT_FALSE(reader.get("absent"));
}

TEST(Cache, ReplacesAndDropsTogether) {
  TemporaryFolder folder;
  CacheWriter writer(folder.path());
  writer.put("old", "1");
  writer.put("kept", "2");
  writer.replace({{"index", "3"}}, {"old", "never there"});
  EXPECT_THAT(writer.keys(), testing::UnorderedElementsAre("index", "kept"));
  EXPECT_EQ(writer.get("index"), "3");
}

TEST(Cache, HasOneWriterAtATime) {
  TemporaryFolder folder;
  const CacheWriter writer(folder.path());
  EXPECT_THAT(error_of([&] { CacheWriter second(folder.path()); }), HasSubstr("another prepare is at work on it"));
}

TEST(Cache, IsNotPreparedWhileTheSameProgramReadsIt) {
  TemporaryFolder folder;
  { CacheWriter(folder.path()).replace({{"index", "1"}}, {}); }
  const CacheReader reader(folder.path()), another(folder.path());
  EXPECT_EQ(another.get("index"), "1");
  EXPECT_THAT(error_of([&] { CacheWriter writer(folder.path()); }),
              HasSubstr("cannot be prepared while this program reads it"));
}

TEST(Cache, SaysWhenItIsAbsentOrDamaged) {
  TemporaryFolder folder;
  EXPECT_THAT(error_of([&] { CacheReader reader(folder / "none"); }), HasSubstr("does not exist; run prepare first"));
  write_file(folder / "data.mdb", std::string(10000, 'x'));
  EXPECT_THAT(
      error_of([&] { CacheReader reader(folder.path()); }),
      HasSubstr("is damaged (meta page 0 has magic 0x78787878, expected 0xbeefc0de); if prepare made it, delete it"));
}

TEST(Cache, SaysWhenItWasCutShort) {
  TemporaryFolder folder;
  {
    CacheWriter writer(folder.path());
    for (int i = 0; i < 100; ++i) writer.put(std::to_string(i), std::string(8192, 'x'));
    writer.commit();
  }
  std::filesystem::resize_file(folder / "data.mdb", 100000);
  EXPECT_THAT(error_of([&] { CacheReader reader(folder.path()); }),
              HasSubstr("is damaged (cut short: it is 100000 bytes long, its last page is number "));
}

// A limit on the file's size stands in for a full disk: the same write fails, for another reason.
TEST(Cache, OfAFullDiskKeepsWhatItHeld) {
  TemporaryFolder folder;
  { CacheWriter(folder.path()).replace({{"index", std::string(5000, 'i')}}, {}); }
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1 << 20, 1 << 20};
    setrlimit(RLIMIT_FSIZE, &limit);
    std::string error;
    {
      CacheWriter writer(folder.path());
      error = error_of([&] { writer.replace({{"index", "new"}, {"pcm", std::string(4 << 20, 'x')}}, {}); });
    }
    std::_Exit(error.find("the disk is full; what was in the cache is untouched") == std::string::npos);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(CacheReader(folder.path()).get("index"), std::string(5000, 'i'));
}

}  // namespace
}  // namespace nr
