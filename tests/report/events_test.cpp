#include "report/events.h"

#include <gmock/gmock.h>

#include <cstring>

#include "base/files.h"
#include "support/errors.h"
#include "support/event_records.h"
#include "support/temporary.h"

namespace nr::report {
namespace {
namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Crc32c, IsThatOfRfc3720) {  // appendix B.4
  EXPECT_EQ(crc32c(""), 0u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43u);
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
}

TEST(EventFile, BeginsWithItsVersionAndVoidsWhatEarlierStartsSayOfLaterSteps) {
  const TemporaryFolder folder;
  EventFile(folder / "events", 41);
  const std::vector<Fields> events = read_events(folder / "events");
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].at(3), "brain.Event:2");
  EXPECT_EQ(number(events[1].at(2)), 42u);
  EXPECT_EQ(number(fields(events[1].at(7)).at(1)), 1u);  // SessionLog.START
}

TEST(EventFile, HoldsScalars) {
  const TemporaryFolder folder;
  EventFile(folder.path(), 0).scalars(300, {{"autoencoder/kl", 0.25}, {"validation/kl", -1e30}});
  const std::vector<Fields> events = read_events(folder.path());
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(number(events[2].at(2)), 300u);
  EXPECT_GT(real<double>(events[2].at(1)), 1.5e9);  // seconds since 1970
  const std::vector<Fields> values = values_of(events[2]);
  ASSERT_EQ(values.size(), 2u);
  EXPECT_EQ(values[0].at(1), "autoencoder/kl");
  EXPECT_EQ(real<float>(values[0].at(2)), 0.25f);
  EXPECT_EQ(real<float>(values[1].at(2)), -1e30f);
}

TEST(EventFile, HoldsSoundsAndImages) {
  const TemporaryFolder folder;
  EventFile events(folder.path(), 0);
  events.sound(7, "clip0/decoded.audio", {'R', 'I', 'F', 'F'}, 1000, 16000);
  events.image(7, "clip0/decoded.mel", {'P', 'N', 'G'}, 300, 200);
  const std::vector<Fields> found = read_events(folder.path());
  ASSERT_EQ(found.size(), 4u);
  const Fields sound = fields(values_of(found[2])[0].at(6)), image = fields(values_of(found[3])[0].at(4));
  EXPECT_EQ(real<float>(sound.at(1)), 16000.f);
  EXPECT_EQ(number(sound.at(2)), 1u);
  EXPECT_EQ(number(sound.at(3)), 1000u);
  EXPECT_EQ(sound.at(4), "RIFF");
  EXPECT_EQ(sound.at(5), "audio/wav");
  EXPECT_EQ(number(image.at(1)), 200u);
  EXPECT_EQ(number(image.at(2)), 300u);
  EXPECT_EQ(image.at(4), "PNG");
}

TEST(EventFile, CountsEveryValueOfAHistogram) {
  const TemporaryFolder folder;
  EventFile events(folder.path(), 0);
  events.histogram(1, "none", {});
  events.histogram(1, "one", {3});
  events.histogram(1, "many", {-1, 0, 0, 1});
  const std::vector<Fields> found = read_events(folder.path());
  ASSERT_EQ(found.size(), 4u);
  for (const auto& [at, count] : {std::pair{2, 1.0}, {3, 4.0}}) {
    const Fields histogram = fields(values_of(found[at])[0].at(5));
    const std::vector<double> limits = reals(histogram.at(6)), counts = reals(histogram.at(7));
    EXPECT_EQ(limits.size(), counts.size());
    EXPECT_TRUE(std::is_sorted(limits.begin(), limits.end()));
    double sum = 0;
    for (const double c : counts) sum += c;
    EXPECT_EQ(sum, count);
    EXPECT_EQ(real<double>(histogram.at(3)), count);
  }
  const Fields many = fields(values_of(found[3])[0].at(5));
  EXPECT_EQ(real<double>(many.at(1)), -1);
  EXPECT_EQ(real<double>(many.at(2)), 1);
  EXPECT_EQ(real<double>(many.at(5)), 2);
  EXPECT_EQ(reals(many.at(7))[32], 2);
}

TEST(EventFile, ADamagedRecordIsSeen) {  // by the reader of these tests
  const TemporaryFolder folder;
  EventFile(folder.path(), 0).scalars(1, {{"a/b", 1}});
  const fs::path file = fs::directory_iterator(folder.path())->path();
  std::string bytes = read_file(file);
  bytes[bytes.size() - 6] ^= 1;
  write_file(file, bytes);
  EXPECT_THAT(error_of([&] { read_events(folder.path()); }), HasSubstr("CRC"));
}

TEST(EventFile, SaysThatItCannotBeWritten) {
  EXPECT_THAT(error_of([] { EventFile("/dev/full/events", 0); }), HasSubstr("/dev/full/events"));
}

}  // namespace
}  // namespace nr::report
