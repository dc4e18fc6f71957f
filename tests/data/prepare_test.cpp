#include "data/prepare.h"

#include <gmock/gmock.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "audio/clip.h"
#include "base/files.h"
#include "data/cache.h"
#include "data/dataset.h"
#include "support/errors.h"
#include "support/recordings.h"
#include "support/signals.h"
#include "support/temporary.h"

namespace nr {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

DataConfig config_of(const TemporaryFolder& folder) {
  DataConfig data;
  data.inputs = {(folder / "in").string()};
  data.cache = (folder / "cache").string();
  data.segment = 8192;
  return data;
}

// Everything a reader can see of a cache.
std::string contents(const DataConfig& data) {
  const Dataset dataset(data, {});
  std::string out;
  for (size_t i = 0; i < dataset.clips().size(); ++i) {
    const ClipInfo& clip = dataset.clips()[i];
    out += clip.path + " " + std::to_string(static_cast<int>(clip.split)) + "\n";
    const std::vector<float> samples = dataset.samples(static_cast<int>(i));
    out.append(reinterpret_cast<const char*>(samples.data()), samples.size() * sizeof(float));
    int64_t measurements = 0;
    const float* curves = dataset.curve(static_cast<int>(i), 0, &measurements);
    out.append(reinterpret_cast<const char*>(curves), 6 * measurements * sizeof(float));
  }
  return out;
}

TEST(Prepare, KeepsEveryRecordingAndMeasuresWhatItStores) {
  TemporaryFolder folder;
  write_recordings(folder / "in", 5, 16000, 0.7);
  write_wav(folder / "in/high.wav", sine(440, 48000, 30000, 0.5), 48000);
  write_wav(folder / "in/one sample.wav", {0.25f}, 16000);
  const DataConfig data = config_of(folder);
  const PrepareReport report = prepare(data, {});
  EXPECT_EQ(report.kept, 7);
  EXPECT_EQ(report.skipped, 0);
  EXPECT_EQ(report.resampled, 1);
  EXPECT_EQ(report.short_files, 1);
  EXPECT_EQ(report.clips[0] + report.clips[1] + report.clips[2], 7);
  EXPECT_THAT(report.summary(), HasSubstr("7 recordings"));

  const Dataset dataset(data, {});
  for (int clip = 0; clip < 7; ++clip) {
    const std::vector<float> samples = dataset.samples(clip);
    const Clip read = read_clip(dataset.clips()[clip].path, 16000);
    ASSERT_EQ(samples.size(), read.samples.size());
    for (size_t i = 0; i < samples.size(); ++i) ASSERT_NEAR(samples[i], read.samples[i], 0.51 / 32768);
    const auto curves = analyse(samples, dataset.descriptors().names, {16000, 1024, 256});
    for (size_t d = 0; d < curves.size(); ++d) {
      int64_t measurements = 0;
      const float* curve = dataset.curve(clip, static_cast<int>(d), &measurements);
      ASSERT_EQ(measurements, static_cast<int64_t>(curves[d].size()));
      for (int64_t i = 0; i < measurements; ++i)
        EXPECT_TRUE(curve[i] == curves[d][i] || (std::isnan(curve[i]) && std::isnan(curves[d][i])));
    }
  }
}

TEST(Prepare, RedoesOnlyWhatChanged) {
  TemporaryFolder folder;
  write_recordings(folder / "in", 6, 16000, 0.3);
  const DataConfig data = config_of(folder);
  EXPECT_EQ(prepare(data, {}).kept, 6);
  const PrepareReport again = prepare(data, {});
  EXPECT_EQ(again.kept, 0);
  EXPECT_EQ(again.reused, 6);
  write_wav(folder / "in/tone2.wav", sine(300, 16000, 4000), 16000);
  write_wav(folder / "in/new.wav", sine(200, 16000, 4000), 16000);
  fs::remove(folder / "in/tone0.wav");
  const PrepareReport changed = prepare(data, {});
  EXPECT_EQ(changed.kept, 2);
  EXPECT_EQ(changed.reused, 4);
  EXPECT_EQ(changed.dropped, 2);
  EXPECT_EQ(Dataset(data, {}).clips().size(), 6u);
}

TEST(Prepare, MeasuresAgainWhenTheSettingsChange) {
  TemporaryFolder folder;
  write_recordings(folder / "in", 3, 16000, 0.3);
  DataConfig data = config_of(folder);
  prepare(data, {});
  DescriptorConfig descriptors;
  descriptors.hop = 128;
  EXPECT_THAT(error_of([&] { Dataset dataset(data, descriptors); }),
              HasSubstr("was made with [16000 Hz, channels mix, window 1024, hop 256, "));
  EXPECT_EQ(prepare(data, descriptors).kept, 3);
  EXPECT_EQ(error_of([&] { Dataset dataset(data, descriptors); }), "no error");
  data.validation = 0.3;
  EXPECT_THAT(error_of([&] { Dataset dataset(data, descriptors); }), HasSubstr("run prepare again"));
  EXPECT_EQ(prepare(data, descriptors).reused, 3);
}

TEST(Prepare, OfALongRecordingCrossesStorageBlocksUnnoticed) {
  TemporaryFolder folder;
  const std::vector<float> signal = noise(2500000, 0.1);
  write_wav(folder / "in/long.wav", signal, 16000);
  const DataConfig data = config_of(folder);
  DescriptorConfig cheap;
  cheap.names = {"rms"};
  prepare(data, cheap);
  const Dataset dataset(data, cheap);
  const std::vector<float> all = dataset.samples(0);
  std::vector<float> part(1200000);
  dataset.read(0, 1000000, static_cast<int64_t>(part.size()), part.data());
  EXPECT_TRUE(std::equal(part.begin(), part.end(), all.begin() + 1000000));
  for (size_t i = 0; i < all.size(); i += 997) ASSERT_NEAR(all[i], signal[i], 1.0 / 32768);
  dataset.read(0, 2499990, 20, part.data());
  for (int i = 10; i < 20; ++i) EXPECT_EQ(part[i], 0);
}

TEST(Prepare, KeepsGroupsTogether) {
  TemporaryFolder folder;
  std::string manifest = "path,speaker\n";
  for (int i = 0; i < 40; ++i) {
    const std::string name = std::to_string(i) + ".wav";
    write_wav(folder / "in" / name, sine(100 + 10 * i, 16000, 2000), 16000);
    manifest += name + ",s" + std::to_string(i % 5) + "\n";
  }
  write_file(folder / "in/manifest.csv", manifest);
  DataConfig data = config_of(folder);
  data.group = "speaker";
  data.validation = data.test = 0.2;
  prepare(data, {});
  const Dataset dataset(data, {});
  std::map<std::string, std::set<Split>> splits;
  for (const ClipInfo& clip : dataset.clips()) splits[clip.labels.at("speaker")].insert(clip.split);
  EXPECT_EQ(splits.size(), 5u);
  for (const auto& [speaker, found] : splits) EXPECT_EQ(found.size(), 1u) << speaker;
  for (const Split split : {Split::kTrain, Split::kValidation, Split::kTest})
    EXPECT_FALSE(dataset.split(split).empty());
  data.group = "speeker";
  EXPECT_EQ(error_of([&] { prepare(data, {}); }),
            "data.group: no recording has a label 'speeker' (did you mean 'speaker'?)");
}

TEST(Prepare, SaysWhyThereIsNothingToPrepare) {
  TemporaryFolder folder;
  DataConfig data = config_of(folder);
  const std::string in = data.inputs[0];
  EXPECT_EQ(error_of([&] { prepare(data, {}); }), in + ": no such file or folder");
  fs::create_directories(in);
  EXPECT_EQ(error_of([&] { prepare(data, {}); }), in + ": no files");
  write_file(folder / "in/score.pdf", "x");
  write_file(folder / "in/notes.pdf", "x");
  EXPECT_EQ(error_of([&] { prepare(data, {}); }), in + ": no audio files (there are: .pdf 2)");
  write_file(folder / "in/empty.wav", "");
  EXPECT_EQ(error_of([&] { prepare(data, {}); }),
            in + ": none of 1 files can be used; the first: " + in + "/empty.wav: is empty (0 bytes)");
}

TEST(Prepare, SaysWhatLiesOutsideTheFolderOfItsManifest) {
  TemporaryFolder folder;
  write_recordings(folder / "in", 1, 16000, 0.3);
  write_recordings(folder / "elsewhere", 3, 16000, 0.3);
  write_wav(folder / "elsewhere/tone1.wav", std::vector<float>(4000, 0.f), 16000);
  write_file(folder / "in/manifest.csv", "path\ntone0.wav\n../elsewhere/tone0.wav\n../elsewhere/tone1.wav\n" +
                                             (folder / "elsewhere/tone2.wav").string() + "\n../elsewhere/gone.wav\n");
  for (const char* run : {"first", "second"}) {
    const PrepareReport report = prepare(config_of(folder), {});
    EXPECT_EQ(report.outside, 3) << run;
    EXPECT_EQ(report.skipped, 1);
    EXPECT_THAT(report.summary(), HasSubstr("3 outside the folder of the list that names them"));
    for (const Verdict& verdict : report.verdicts) {
      const std::string file = fs::path(verdict.path).lexically_normal().string();
      const bool outside = file.find("/elsewhere/") != std::string::npos;
      EXPECT_EQ(verdict.detail.find("lies outside the folder of the list that names it") != std::string::npos, outside)
          << file;
      if (fs::path(file).filename() == "tone1.wav") {
        EXPECT_EQ(verdict.detail, "silent; lies outside the folder of the list that names it");
      }
    }
  }
}

TEST(Prepare, RefusesADatabaseThatIsNotItsOwn) {
  TemporaryFolder folder;
  write_recordings(folder / "in", 2, 16000, 0.3);
  { CacheWriter(folder / "cache").replace({{"00000000", "a record of another program"}}, {}); }
  EXPECT_EQ(error_of([&] { prepare(config_of(folder), {}); }),
            "cache " + (folder / "cache").string() +
                ": holds '00000000', which prepare did not put there: name another folder");
  EXPECT_EQ(CacheReader(folder / "cache").get("00000000"), "a record of another program");
}

// Killed by a timer of its own processor time, of which a run needs about the same however busy the machine is.
TEST(Prepare, KilledAtWorkGoesOnToTheSameCache) {
  TemporaryFolder folder;
  write_recordings(folder / "in", 60, 16000, 1.0);
  DataConfig clean = config_of(folder);
  clean.cache = (folder / "clean").string();
  const std::clock_t begin = std::clock();
  prepare(clean, {});
  const std::clock_t whole = std::clock() - begin;
  const std::string expected = contents(clean);
  const DataConfig data = config_of(folder);
  for (const double share : {0.05, 0.1, 0.2, 0.4}) {
    const pid_t id = fork();
    if (id == 0) {
      itimerval timer{};
      timer.it_value.tv_usec = static_cast<suseconds_t>(std::clamp(share * whole, 1.0, 999999.0));
      setitimer(ITIMER_PROF, &timer, nullptr);
      prepare(data, {});
      std::_Exit(0);
    }
    int status = 0;
    waitpid(id, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF) << "it ended before " << share << " of its work";
  }
  EXPECT_EQ(prepare(data, {}).skipped, 0);
  EXPECT_TRUE(contents(data) == expected);
}

// Whether a transaction has put entries into the cache: their number in either of LMDB's meta pages.
bool has_entries(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  for (const int page : {0, 4096}) {
    uint64_t entries = 0;
    in.seekg(page + 120);
    if (in.read(reinterpret_cast<char*>(&entries), sizeof entries) && entries > 0) return true;
  }
  return false;
}

// 64 MB of samples, of which the cache writes 32 MB at a time: killed between the first time and the end, some are
// there.
TEST(Prepare, KilledAfterItWroteKeepsWhatItWrote) {
  TemporaryFolder folder;
  for (int i = 0; i < 32; ++i) write_wav(folder / "in" / (std::to_string(i) + ".wav"), noise(1000000, 0.1, i), 16000);
  DescriptorConfig cheap;
  cheap.names = {"rms"};
  const DataConfig data = config_of(folder);
  const pid_t id = fork();
  if (id == 0) {
    prepare(data, cheap);
    std::_Exit(0);
  }
  int status = 0;
  for (int i = 0; i < 60000 && !has_entries(fs::path(data.cache) / "data.mdb"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  kill(id, SIGKILL);
  waitpid(id, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status)) << "it had ended before it was killed";
  const PrepareReport report = prepare(data, cheap);
  EXPECT_GE(report.reused, 1);
  EXPECT_GE(report.kept, 1);
  EXPECT_EQ(report.kept + report.reused, 32);
}

}  // namespace
}  // namespace nr
