#include "data/database.h"

#include <gmock/gmock.h>

#include <cstring>

#include "base/files.h"
#include "data/cache.h"
#include "support/errors.h"
#include "support/temporary.h"

namespace nr {
namespace {
using testing::HasSubstr;

// Places in a meta page of LMDB 0.9 on a 64-bit machine, in bytes.
constexpr size_t kPageFlags = 10, kMagic = 16, kVersion = 20, kMapSize = 32, kPageSize = 40, kFileFlags = 44;
constexpr size_t kTableFlags = 92, kTableDepth = 94, kTableLeaves = 104, kTableEntries = 120, kTableRoot = 128;
constexpr size_t kLastPage = 136;
constexpr size_t kPage = 4096;

class Database : public testing::Test {
 protected:
  Database() {
    CacheWriter writer(folder_.path());
    for (int i = 0; i < 300; ++i) writer.put("c:" + std::to_string(i), std::string(100, 'x'));
    writer.commit();
  }
  // What is said after a number in both meta pages has been replaced.
  template <class T>
  std::string with(size_t at, T value) {
    std::string bytes = read_file(file_);
    for (const size_t page : {size_t(0), kPage}) std::memcpy(&bytes[page + at], &value, sizeof value);
    write_file(folder_ / "bad/data.mdb", bytes);
    const std::string problem = database_problem(folder_ / "bad/data.mdb");
    const std::string error = error_of([&] { CacheReader reader(folder_ / "bad"); });
    EXPECT_THAT(error, HasSubstr("is damaged (" + problem + ")"));
    EXPECT_THAT(error_of([&] { CacheWriter writer(folder_ / "bad"); }), HasSubstr("is damaged (" + problem + ")"));
    return problem;
  }
  template <class T>
  T at(size_t place) {
    T out;
    std::memcpy(&out, &read_file(file_)[place], sizeof out);
    return out;
  }
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "data.mdb";
};

TEST_F(Database, ThatIsWholeHasNoProblem) {
  EXPECT_EQ(database_problem(file_), "");
  { CacheWriter empty(folder_ / "empty"); }
  EXPECT_EQ(database_problem(folder_ / "empty/data.mdb"), "");
  {
    CacheWriter emptied(folder_.path());
    emptied.replace({}, emptied.keys());
  }
  EXPECT_EQ(database_problem(file_), "");
  EXPECT_EQ(error_of([&] { CacheReader reader(folder_.path()); }), "no error");
}

TEST_F(Database, IsRefusedWithWhatItSays) {
  EXPECT_EQ(with(kMagic, uint32_t(0x12345678)), "meta page 0 has magic 0x12345678, expected 0xbeefc0de");
  EXPECT_EQ(with(kVersion, uint32_t(999)), "meta page 0 is of format 999, expected 1");
  EXPECT_EQ(with(kPageFlags, uint16_t(2)), "meta page 0 has page flags 0x2");
  EXPECT_EQ(with(kPageSize, uint32_t(4095)),
            "meta page 0 has pages of 4095 bytes, expected a power of two from 256 to 65536");
  EXPECT_EQ(with(kPageSize, uint32_t(1 << 30)),
            "meta page 0 has pages of 1073741824 bytes, expected a power of two from 256 to 65536");
  EXPECT_EQ(with(kFileFlags, uint16_t(9)), "its file has flags 0x9, expected 0x8") << "a map at a fixed address";
  EXPECT_EQ(with(kTableFlags, uint16_t(4)), "its table has flags 0x4, expected none");
}

TEST_F(Database, WhoseSizesDoNotAgreeIsRefused) {
  const auto size = std::filesystem::file_size(file_);
  EXPECT_EQ(with(kLastPage, uint64_t(1) << 60),
            text("cut short: it is ", size, " bytes long, its last page is number 1152921504606846976 of 4096 bytes"));
  EXPECT_THAT(with(kMapSize, uint64_t(4096)), HasSubstr("it asks for a map of 4096 bytes, expected "));
  EXPECT_THAT(with(kMapSize, ~uint64_t(0)), HasSubstr("it asks for a map of 18446744073709551615 bytes, expected "));
  EXPECT_EQ(with(kPageSize, uint32_t(256)), "meta page 1 has magic 0x0, expected 0xbeefc0de");
}

TEST_F(Database, WhoseTableCannotBeIsRefused) {
  const auto last = at<uint64_t>(kPage + kLastPage) > at<uint64_t>(kLastPage) ? at<uint64_t>(kPage + kLastPage)
                                                                              : at<uint64_t>(kLastPage);
  EXPECT_THAT(with(kTableDepth, uint16_t(33)), HasSubstr("the table has 300 entries on 33 levels"));
  EXPECT_THAT(with(kTableDepth, uint16_t(0)), HasSubstr("the table has 300 entries on 0 levels"));
  EXPECT_THAT(with(kTableDepth, uint16_t(1)), HasSubstr("which is none of its pages"));
  EXPECT_THAT(with(kTableEntries, uint64_t(0)), HasSubstr("the table has 0 entries on 2 levels"));
  EXPECT_THAT(with(kTableEntries, uint64_t(1) << 40), HasSubstr("the table has 1099511627776 entries in "));
  EXPECT_THAT(with(kTableLeaves, uint64_t(1) << 40), HasSubstr("the table has 1099511627776 pages of "));
  EXPECT_THAT(with(kTableRoot, uint64_t(1)), HasSubstr("the table begins at page 1 of "));
  EXPECT_EQ(with(kTableRoot, last + 1), text("the table begins at page ", last + 1, " of ", last + 1));
  EXPECT_THAT(with(kTableRoot, ~uint64_t(0)), HasSubstr("the table has 300 entries on 2 levels"));
}

TEST_F(Database, CutAnywhereIsRefused) {
  const std::string whole = read_file(file_);
  for (size_t size = 1; size < whole.size(); size += 777) {
    write_file(folder_ / "bad/data.mdb", whole.substr(0, size));
    EXPECT_NE(database_problem(folder_ / "bad/data.mdb"), "") << size;
  }
}

}  // namespace
}  // namespace nr
