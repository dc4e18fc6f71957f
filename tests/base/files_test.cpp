#include "base/files.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <csignal>

#include "support/errors.h"
#include "support/temporary.h"

namespace nr {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

int entries(const fs::path& folder) {
  return int(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

// A disk that is full after `bytes`: writes beyond fail, instead of the signal that would end the process.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_;
  void (*handler_)(int);
};

TEST(WrittenFile, ReadsBackWithItsFolderMade) {
  TemporaryFolder folder;
  const std::string bytes("a\0b\n\xff", 5);
  write_file(folder / "new/deep/x.bin", bytes);
  EXPECT_EQ(read_file(folder / "new/deep/x.bin"), bytes);
  EXPECT_EQ(entries(folder / "new/deep"), 1);
  write_file(folder / "new/deep/x.bin", "other");
  EXPECT_EQ(read_file(folder / "new/deep/x.bin"), "other");
}

TEST(WrittenFile, OnAFullDiskLeavesTheOldOneWhole) {
  TemporaryFolder folder;
  write_file(folder / "x", "old");
  std::string error;
  {
    const FullDisk full(1 << 16);
    error = error_of([&] { write_file(folder / "x", std::string(1 << 20, 'x')); });
  }
  EXPECT_THAT(error, HasSubstr((folder / "x").string() + ": cannot be written ("));
  EXPECT_EQ(read_file(folder / "x"), "old");
  EXPECT_EQ(entries(folder.path()), 1);
}

TEST(WrittenFile, WhoseWriterThrowsLeavesNothing) {
  TemporaryFolder folder;
  EXPECT_EQ(error_of([&] {
              write_file(folder / "x", [](std::ostream& out) {
                out << "half";
                fail("no more");
              });
            }),
            "no more");
  EXPECT_EQ(entries(folder.path()), 0);
}

TEST(WrittenFile, UnderAFileIsRefusedWithTheFoldersName) {
  TemporaryFolder folder;
  write_file(folder / "x", "a file");
  EXPECT_THAT(error_of([&] { write_file(folder / "x/y", "in it"); }),
              HasSubstr((folder / "x").string() + ": cannot make this folder"));
}

TEST(ReadFile, NamesWhatItCannotRead) {
  TemporaryFolder folder;
  EXPECT_EQ(error_of([&] { read_file(folder / "none"); }),
            (folder / "none").string() + ": cannot be read (No such file or directory)");
  EXPECT_EQ(error_of([&] { read_file(folder.path()); }), folder.path().string() + ": cannot be read (it is a folder)");
}

}  // namespace
}  // namespace nr
