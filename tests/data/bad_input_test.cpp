#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>

#include "audio/clip.h"
#include "base/files.h"
#include "data/dataset.h"
#include "data/prepare.h"
#include "support/recordings.h"
#include "support/signals.h"
#include "support/temporary.h"

namespace nr {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// 32-bit float WAV, frame by frame.
void write_float_wav(const fs::path& path, const std::vector<float>& interleaved, uint16_t channels, uint32_t rate) {
  write_file(path, [&](std::ostream& out) {
    const auto number = [&](auto value) { out.write(reinterpret_cast<const char*>(&value), sizeof value); };
    const auto bytes = static_cast<uint32_t>(interleaved.size() * sizeof(float));
    out << "RIFF";
    number(uint32_t(36 + bytes));
    out << "WAVEfmt ";
    number(uint32_t(16)), number(uint16_t(3)), number(channels), number(rate), number(uint32_t(rate * channels * 4));
    number(uint16_t(channels * 4)), number(uint16_t(32));
    out << "data";
    number(bytes);
    out.write(reinterpret_cast<const char*>(interleaved.data()), bytes);
  });
}

class BadInput : public testing::Test {
 protected:
  // Prepares the folder, in which a good recording lies beside what a test put there.
  PrepareReport run() {
    write_wav(folder_ / "in/good.wav", sine(440, 16000, 9000), 16000);
    data_.inputs = {(folder_ / "in").string()};
    data_.cache = (folder_ / "cache").string();
    return prepare(data_, {});
  }
  // The file is skipped for this reason, and the rest is prepared.
  void expect_skipped(const std::string& name, const std::string& reason) {
    const PrepareReport report = run();
    EXPECT_EQ(report.kept, 1);
    ASSERT_EQ(report.skipped, 1);
    for (const Verdict& verdict : report.verdicts)
      if (verdict.kind == Verdict::Kind::kSkipped) {
        EXPECT_EQ(fs::path(verdict.path).filename(), name);
        EXPECT_THAT(verdict.detail, HasSubstr(reason));
        EXPECT_THAT(verdict.detail, testing::Not(HasSubstr(verdict.path)));
      }
    EXPECT_THAT(report.summary(), HasSubstr("skipped: 1\n"));
  }
  TemporaryFolder folder_;
  DataConfig data_;
};

TEST_F(BadInput, CorruptHeader) {
  write_file(folder_ / "in/bad.wav", "RIFF\x10\x00\x00\x00WAVEgarbage that is no chunk at all");
  expect_skipped("bad.wav", "is not audio that libsndfile can read");
}

TEST_F(BadInput, ZeroLength) {
  write_file(folder_ / "in/bad.flac", "");
  expect_skipped("bad.flac", "is empty (0 bytes)");
}

TEST_F(BadInput, HeaderWithoutSamples) {
  write_float_wav(folder_ / "in/bad.wav", {}, 1, 16000);
  expect_skipped("bad.wav", "holds no samples");
}

TEST_F(BadInput, NotANumberInAFloatFile) {
  std::vector<float> samples(3000, 0.1f);
  samples[1234] = std::numeric_limits<float>::quiet_NaN();
  write_float_wav(folder_ / "in/bad.wav", samples, 1, 16000);
  expect_skipped("bad.wav", "sample 1234 of channel 1 is not a finite number");
}

// At 16 kHz it would last 83 minutes for its 10 kB.
TEST_F(BadInput, RateOfOneHertz) {
  write_wav(folder_ / "in/bad.wav", std::vector<float>(5000, 0.1f), 1);
  expect_skipped("bad.wav", "has a rate of 1 Hz, the limits are 1000 and 1000000 Hz");
}

TEST_F(BadInput, LinkToNothing) {
  fs::create_directories(folder_ / "in");
  fs::create_symlink(folder_ / "gone.wav", folder_ / "in/bad.wav");
  expect_skipped("bad.wav", "is a broken link");
}

TEST_F(BadInput, WithoutPermission) {
  write_wav(folder_ / "in/bad.wav", {0.1f}, 16000);
  fs::permissions(folder_ / "in/bad.wav", fs::perms::none);
  const uid_t me = geteuid(), nobody = 65534;
  if (me == 0) {  // root may read everything
    for (const fs::path& path : {folder_.path(), folder_ / "in"}) fs::permissions(path, fs::perms::all);
    ASSERT_EQ(seteuid(nobody), 0);
  }
  expect_skipped("bad.wav", "cannot be read (Permission denied)");
  ASSERT_EQ(seteuid(me), 0);
}

TEST_F(BadInput, FormatThatIsNotDecoded) {
  write_file(folder_ / "in/bad.m4a", "x");
  expect_skipped("bad.m4a", "libsndfile does not decode .m4a; convert it to FLAC");
}

TEST_F(BadInput, ManifestNamingAMissingFile) {
  write_file(folder_ / "in/manifest.csv", "path\ngood.wav\nbad.wav\n");
  expect_skipped("bad.wav", "no such file (named in ");
}

TEST_F(BadInput, OneSample) {
  write_wav(folder_ / "in/one.wav", {0.5f}, 44100);
  EXPECT_EQ(run().skipped, 1);  // 44.1 -> 16 kHz leaves none of it
  fs::remove(folder_ / "in/one.wav");
  write_wav(folder_ / "in/one.wav", {0.5f}, 16000);
  EXPECT_EQ(run().skipped, 0);
}

TEST_F(BadInput, HundredChannels) {
  std::vector<float> samples(100 * 500);
  for (size_t i = 0; i < samples.size(); ++i) samples[i] = i % 100 < 50 ? 0.5f : 0.25f;
  write_float_wav(folder_ / "in/many.wav", samples, 100, 16000);
  const PrepareReport report = run();
  EXPECT_EQ(report.skipped, 0);
  EXPECT_EQ(report.mixed, 1);
  const Dataset dataset(data_, {});
  EXPECT_NEAR(dataset.samples(1)[250], 0.375, 1e-4);
}

TEST_F(BadInput, HundredChannelsEachByItself) {
  std::vector<float> samples(100 * 500);
  for (size_t i = 0; i < samples.size(); ++i) samples[i] = i % 100 < 50 ? 0.5f : 0.25f;
  write_float_wav(folder_ / "in/many.wav", samples, 100, 16000);
  data_.channels = "separate";
  const PrepareReport report = run();
  EXPECT_EQ(report.kept, 101);
  EXPECT_EQ(report.mixed, 0);
  const Dataset dataset(data_, {});
  EXPECT_NEAR(dataset.samples(1)[250], 0.5, 1e-4);
  EXPECT_NEAR(dataset.samples(100)[250], 0.25, 1e-4);
  for (size_t i = 1; i <= 100; ++i) EXPECT_EQ(dataset.clips()[i].split, dataset.clips()[1].split);
  EXPECT_THAT(dataset.clips()[100].path, testing::EndsWith("many.wav (channel 100)"));
}

// RF64: 1024 channels of float, sparse on disk, sound in the last frame only.
TEST_F(BadInput, FourGibibytesInConstantMemory) {
  constexpr uint64_t kChannels = 1024, kFrames = (uint64_t(1) << 20) + 300, kData = kFrames * kChannels * sizeof(float);
  static_assert(kData > uint64_t(1) << 32);
  fs::create_directories(folder_ / "in");
  const fs::path path = folder_ / "in/huge.wav";
  {
    std::ofstream out(path, std::ios::binary);
    const auto number = [&](auto value) { out.write(reinterpret_cast<const char*>(&value), sizeof value); };
    out << "RF64", number(uint32_t(-1)), out << "WAVEds64", number(uint32_t(28)), number(uint64_t(72 + kData)),
        number(kData), number(kFrames);
    number(uint32_t(0)), out << "fmt ", number(uint32_t(16)), number(uint16_t(3)), number(uint16_t(kChannels)),
        number(uint32_t(16000));
    number(uint32_t(16000 * kChannels * 4)), number(uint16_t(kChannels * 4)), number(uint16_t(32)), out << "data",
        number(uint32_t(-1));
    const std::vector<float> last(kChannels, 0.5f);
    out.seekp(std::streamoff(out.tellp()) + std::streamoff((kFrames - 1) * kChannels * sizeof(float)));
    out.write(reinterpret_cast<const char*>(last.data()), std::streamsize(kChannels * sizeof(float)));
  }
  ASSERT_GT(fs::file_size(path), uint64_t(1) << 32);
  const auto peak_megabytes = [] {
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
  };
  const long before = peak_megabytes();
  const PrepareReport report = run();
  EXPECT_LT(peak_megabytes() - before, 200);
  EXPECT_EQ(report.kept, 2);
  const Dataset dataset(data_, {});
  EXPECT_EQ(dataset.clips()[1].samples, int64_t(kFrames));
  float end[2];
  dataset.read(1, kFrames - 2, 2, end);
  EXPECT_EQ(end[0], 0);
  EXPECT_EQ(end[1], 0.5f);
}

TEST_F(BadInput, RatesFarApart) {
  write_wav(folder_ / "in/slow.wav", sine(440, 8000, 8000, 0.5), 8000);
  write_wav(folder_ / "in/fast.wav", sine(440, 192000, 192000, 0.5), 192000);
  const PrepareReport report = run();
  EXPECT_EQ(report.kept, 3);
  EXPECT_EQ(report.resampled, 2);
  const Dataset dataset(data_, {});
  for (const ClipInfo& clip : dataset.clips())
    EXPECT_EQ(clip.samples, fs::path(clip.path).filename() == "good.wav" ? 9000 : 16000) << clip.path;
}

TEST_F(BadInput, NamesThatShellsFear) {
  const std::vector<std::string> names{"with space.wav", "quote'\".wav",  "\xC3\xA9t\xC3\xA9.wav",
                                       "new\nline.wav",  "latin\xE9.wav", "-dash.wav",
                                       "%s.wav"};
  for (const std::string& name : names) write_wav(folder_ / "in" / name, {0.1f, 0.2f}, 16000);
  const PrepareReport report = run();
  EXPECT_EQ(report.kept, 8);
  for (const Verdict& verdict : report.verdicts) EXPECT_EQ(verdict_text(verdict).find('\n'), std::string::npos);
  EXPECT_EQ(Dataset(data_, {}).clips().size(), 8u);
}

TEST_F(BadInput, SilenceAndClippingAreKeptAndCounted) {
  write_wav(folder_ / "in/silent.wav", std::vector<float>(20000, 0.f), 16000);
  std::vector<float> square = sine(440, 16000, 20000, 4);
  for (float& x : square) x = std::clamp(x, -1.f, 1.f);
  write_float_wav(folder_ / "in/clipped.wav", square, 1, 16000);
  const PrepareReport report = run();
  EXPECT_EQ(report.kept, 3);
  EXPECT_EQ(report.silent, 1);
  EXPECT_EQ(report.clipped, 1);
  EXPECT_THAT(report.verdicts[0].detail, HasSubstr("% of samples at full scale"));
  EXPECT_EQ(run().clipped, 1) << "what is reused is reported as before";
}

}  // namespace
}  // namespace nr
