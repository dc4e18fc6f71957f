#include "audio/clip.h"

#include <gtest/gtest.h>
#include <sndfile.h>
#include <unistd.h>

#include <fstream>
#include <limits>

#include "audio/resampler.h"
#include "base/files.h"
#include "support/errors.h"
#include "support/signals.h"
#include "support/temporary.h"

namespace nr {
namespace {

void write_sound(const std::string& path, int format, int channels, int rate, const std::vector<float>& interleaved) {
  SF_INFO info{};
  info.format = format, info.channels = channels, info.samplerate = rate;
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  ASSERT_TRUE(file) << sf_strerror(nullptr);
  const auto frames = sf_count_t(interleaved.size()) / channels;
  ASSERT_EQ(sf_writef_float(file, interleaved.data(), frames), frames);
  sf_close(file);
}

double worst(const std::vector<float>& a, const std::vector<float>& b) {
  double w = a.size() == b.size() ? 0 : 1e9;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) w = std::max(w, std::fabs(double(a[i]) - b[i]));
  return w;
}

TEST(Clip, ReadsEveryContainerAlike) {
  const TemporaryFolder folder;
  const std::vector<float> x = sine(440, 22050, 30000, 0.5);
  const std::pair<int, double> formats[] = {
      {SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1e-4},  {SF_FORMAT_WAV | SF_FORMAT_FLOAT, 0},
      {SF_FORMAT_WAV | SF_FORMAT_PCM_U8, 1e-2},  {SF_FORMAT_AIFF | SF_FORMAT_PCM_24, 1e-6},
      {SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 1e-6}, {SF_FORMAT_CAF | SF_FORMAT_PCM_32, 1e-6},
      {SF_FORMAT_OGG | SF_FORMAT_VORBIS, 0.1}};
  for (const auto& [format, tolerance] : formats) {
    write_sound(folder / "x", format, 1, 22050, x);
    const Clip clip = read_clip(folder / "x");
    EXPECT_EQ(clip.sample_rate, 22050);
    EXPECT_LE(worst(clip.samples, x), tolerance) << std::hex << format;
  }
}

TEST(Clip, ReadsNoMoreSecondsThanAsked) {
  const TemporaryFolder folder;
  const std::vector<float> x = sine(440, 8000, 40000, 0.5);
  write_sound(folder / "x", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1, 8000, x);
  const std::vector<float> start(x.begin(), x.begin() + 20001);
  EXPECT_EQ(worst(read_clip(folder / "x", 0, 20001 / 8000.0).samples, start), 0);
  EXPECT_EQ(worst(read_clip(folder / "x", 8000, 100).samples, x), 0);
  EXPECT_EQ(read_clip(folder / "x", 4000, 1).samples.size(), 4000u);
}

TEST(Clip, OfManyChannelsIsTheirMean) {
  const TemporaryFolder folder;
  for (const int channels : {2, 3, 6}) {
    std::vector<float> x(1000 * channels);
    for (int i = 0; i < 1000; ++i)
      for (int c = 0; c < channels; ++c) x[i * channels + c] = 0.001f * i * (c + 1) / channels;
    write_sound(folder / "x", SF_FORMAT_WAV | SF_FORMAT_FLOAT, channels, 8000, x);
    EXPECT_EQ(read_header(folder / "x").channels, channels);
    const Clip clip = read_clip(folder / "x");
    ASSERT_EQ(clip.samples.size(), 1000u);
    for (int i = 0; i < 1000; ++i) ASSERT_NEAR(clip.samples[i], 0.001 * i * (channels + 1) / 2 / channels, 1e-6);
  }
}

TEST(Clip, WrittenAsWavComesBackToHalfAStep) {
  const TemporaryFolder folder;
  std::vector<float> x = noise(5000, 0.2);
  x[0] = 2, x[1] = -2;
  write_wav(folder / "x.wav", x, 16000);
  const std::string bytes = read_file(folder / "x.wav");
  const std::vector<unsigned char> same = wav_bytes(x, 16000);
  EXPECT_EQ(bytes, std::string(same.begin(), same.end()));
  x[0] = 32767 / 32768.f, x[1] = -1;
  EXPECT_LE(worst(read_clip(folder / "x.wav").samples, x), 0.5 / 32768 + 1e-9);
}

TEST(Clip, InBlocksEqualsTheWholeClip) {
  const TemporaryFolder folder;
  const std::vector<float> x = noise(200001, 0.1);
  write_sound(folder / "x", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1, 44100, x);
  std::vector<float> blocks;
  size_t largest = 0;
  read_blocks(folder / "x", 16000, [&](const float* samples, size_t count) {
    blocks.insert(blocks.end(), samples, samples + count);
    largest = std::max(largest, count);
  });
  EXPECT_LE(largest, size_t(1) << 14);
  EXPECT_EQ(worst(blocks, resample(x, 44100, 16000)), 0);
  EXPECT_EQ(worst(blocks, read_clip(folder / "x", 16000).samples), 0);
}

TEST(Resample, KeepsAToneInPlaceAndTheLengthToTheSample) {
  for (const auto& [from, to] : {std::pair{44100, 16000}, {16000, 44100}, {48000, 44100}, {8000, 16000}}) {
    const int samples = from + 123;
    const std::vector<float> y = resample(sine(500, from, samples, 0.5), from, to),
                             wanted = sine(500, to, int(y.size()), 0.5);
    EXPECT_EQ(int64_t(y.size()), (int64_t(samples) * to + from / 2) / from);
    double w = 0;
    for (size_t i = 2000; i + 2000 < y.size(); ++i) w = std::max(w, std::fabs(double(y[i]) - wanted[i]));
    EXPECT_LT(w, 1e-5) << from << " to " << to;
  }
  EXPECT_EQ(resample({0.5f}, 16000, 16000), std::vector<float>{0.5f});
  EXPECT_TRUE(resample({}, 44100, 16000).empty());
  EXPECT_EQ(error_of([] { resample({0.f}, 0, 16000); }),
            "cannot resample from 0 Hz to 16000 Hz: both rates must be positive");
  EXPECT_EQ(error_of([] { resample({0.f}, 100, 192000); }),
            "cannot resample from 100 Hz to 192000 Hz: the limit is a ratio of 256");
  EXPECT_EQ(error_of([] { resample({0.f}, 192000, 100); }),
            "cannot resample from 192000 Hz to 100 Hz: the limit is a ratio of 256");
  EXPECT_EQ(resample(std::vector<float>(100), 100, 25600).size(), 25600u);
}

TEST(Clip, SaysWhyAFileCannotBeRead) {
  const TemporaryFolder folder;
  const auto error = [&](const std::string& name) { return error_of([&] { read_clip(folder / name); }); };
  const std::string where = folder.path().string() + "/";
  EXPECT_EQ(error("no.wav"), where + "no.wav: no such file");
  make_folder(folder / "folder.wav");
  EXPECT_EQ(error("folder.wav"), where + "folder.wav: is a folder, expected an audio file");
  write_file(folder / "empty.wav", "");
  EXPECT_EQ(error("empty.wav"), where + "empty.wav: is empty (0 bytes)");
  write_file(folder / "text.wav", "this is a letter, not a sound, and long enough to be read as one");
  EXPECT_EQ(error("text.wav").find(where + "text.wav: is not audio that libsndfile can read ("), 0u)
      << error("text.wav");
  EXPECT_EQ(error("text.wav").find('\n'), std::string::npos);
  write_wav(folder / "none.wav", {}, 16000);
  EXPECT_EQ(error("none.wav"), where + "none.wav: holds no samples");
  if (geteuid() != 0) {
    write_wav(folder / "secret.wav", {0.f}, 16000);
    std::filesystem::permissions(folder / "secret.wav", std::filesystem::perms::none);
    EXPECT_EQ(error("secret.wav"), where + "secret.wav: cannot be read (Permission denied)");
  }
}

TEST(Clip, NamesTheFirstSampleThatIsNotFinite) {
  const TemporaryFolder folder;
  std::vector<float> x(100000, 0.1f);
  x[2 * 30001 + 1] = std::numeric_limits<float>::quiet_NaN(), x[2 * 40000] = std::numeric_limits<float>::infinity();
  write_sound(folder / "x.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 2, 16000, x);
  EXPECT_EQ(error_of([&] { read_clip(folder / "x.wav"); }),
            (folder / "x.wav").string() + ": is damaged (sample 30001 of channel 2 is not a finite number)");
  EXPECT_EQ(error_of([&] {
              write_wav(folder / "y.wav", {0, x[60003]}, 16000);
            }),
            "sample 1 is not a finite number and cannot be written as WAV");
  EXPECT_FALSE(std::filesystem::exists(folder / "y.wav"));
}

TEST(Clip, WithARateThatNoSoundHasIsRefusedWithTheLimits) {
  const TemporaryFolder folder;
  for (const int rate : {1, 999, 1000001, 2000000000}) {
    write_wav(folder / "x.wav", std::vector<float>(1000, 0.1f), rate);
    const std::string error =
        text((folder / "x.wav").string(), ": has a rate of ", rate, " Hz, the limits are 1000 and 1000000 Hz");
    EXPECT_EQ(error_of([&] { read_header(folder / "x.wav"); }), error);
    EXPECT_EQ(error_of([&] { read_clip(folder / "x.wav", 16000); }), error);
  }
  write_wav(folder / "x.wav", std::vector<float>(1000, 0.1f), 1000);
  EXPECT_EQ(read_clip(folder / "x.wav", 16000).samples.size(), 16000u);
}

// 24 hours at 1 kHz are 86.4 million samples: a sparse file of 8 bits a sample.
TEST(Clip, OfMoreThanADayIsRefusedWithTheLimit) {
  const TemporaryFolder folder;
  const auto write_hours = [&](double hours) {
    write_sound(folder / "x.au", SF_FORMAT_AU | SF_FORMAT_PCM_S8, 1, 1000, {0.1f});
    std::string header = read_file(folder / "x.au").substr(0, 24);
    for (int i = 8; i < 12; ++i) header[i] = char(0xff);  // the size is unknown: the file's end
    write_file(folder / "x.au", header);
    std::filesystem::resize_file(folder / "x.au", 24 + uint64_t(hours * 3600 * 1000));
  };
  write_hours(24);
  EXPECT_EQ(read_header(folder / "x.au").frames, 86400000);
  write_hours(36);
  EXPECT_EQ(error_of([&] { read_header(folder / "x.au"); }),
            (folder / "x.au").string() + ": lasts 36 hours, the limit is 24; cut it into several files");
}

TEST(Clip, InPartIsTheBeginningOfTheWhole) {
  const TemporaryFolder folder;
  write_sound(folder / "x.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1, 44100, noise(200000, 0.1));
  for (const int rate : {0, 44100, 16000, 48000}) {
    const Clip whole = read_clip(folder / "x.wav", rate), part = read_clip(folder / "x.wav", rate, 1.5);
    ASSERT_EQ(part.samples.size(), size_t(1.5 * whole.sample_rate));
    EXPECT_TRUE(std::equal(part.samples.begin(), part.samples.end(), whole.samples.begin())) << rate;
    EXPECT_EQ(read_clip(folder / "x.wav", rate, 100).samples, whole.samples);
  }
}

// What lies behind the part is not looked at: here a sample that is not finite.
TEST(Clip, InPartIsReadNoFurtherThanNeeded) {
  const TemporaryFolder folder;
  std::vector<float> x(200000, 0.1f);
  x[150000] = std::numeric_limits<float>::quiet_NaN();
  write_sound(folder / "x.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1, 44100, x);
  EXPECT_EQ(read_clip(folder / "x.wav", 16000, 1).samples.size(), 16000u);
  EXPECT_NE(error_of([&] { read_clip(folder / "x.wav", 16000); }), "no error");
}

TEST(Clip, CutShortIsDamaged) {
  const TemporaryFolder folder;
  write_sound(folder / "x.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 1, 16000, noise(100000));
  const std::string whole = read_file(folder / "x.flac");
  write_file(folder / "x.flac", whole.substr(0, whole.size() / 2));
  const std::string error = error_of([&] { read_clip(folder / "x.flac"); });
  EXPECT_NE(error.find("x.flac: is damaged ("), std::string::npos) << error;
}

}  // namespace
}  // namespace nr
