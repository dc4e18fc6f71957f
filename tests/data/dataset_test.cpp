#include "data/dataset.h"

#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>
#include <set>

#include "base/files.h"
#include "data/prepare.h"
#include "data/split.h"
#include "support/errors.h"
#include "support/recordings.h"
#include "support/temporary.h"

namespace nr {
namespace {

namespace fs = std::filesystem;

struct PreparedClips {
  TemporaryFolder folder;
  DataConfig data;
  DescriptorConfig descriptors;

  PreparedClips() {
    write_recordings(folder / "in", 12, 16000, 0.2);
    label("common");
    data.inputs = {(folder / "in").string()};
    data.cache = (folder / "cache").string();
    data.validation = data.test = 0.2;
    descriptors.names = {"rms"};
    prepare(data, descriptors);
  }
  void label(const std::string& kind_of_the_first) {
    std::string manifest = "path,kind,note\n";
    for (int i = 0; i < 12; ++i)
      manifest += "tone" + std::to_string(i) + ".wav," + (i ? "common" : kind_of_the_first) + ",x\n";
    write_file(folder / "in/manifest.csv", manifest);
  }
  uint64_t fingerprint(const std::map<std::string, Split>& splits = {}) const {
    return Dataset(data, descriptors, splits).fingerprint();
  }
};

TEST(Fingerprint, OfUnchangedDataIsTheSame) {
  const PreparedClips prepared;
  const uint64_t before = prepared.fingerprint();
  EXPECT_EQ(prepared.fingerprint(), before);
  prepare(prepared.data, prepared.descriptors);
  EXPECT_EQ(prepared.fingerprint(), before);
  EXPECT_EQ(prepared.fingerprint(Dataset(prepared.data, prepared.descriptors).splits()), before);
}

// Every change gives a number that was not there before.
TEST(Fingerprint, ChangesWithWhateverChanges) {
  PreparedClips prepared;
  std::set<uint64_t> seen{prepared.fingerprint()};
  const auto expect_new = [&](const char* what) {
    prepare(prepared.data, prepared.descriptors);
    EXPECT_TRUE(seen.insert(prepared.fingerprint()).second) << what;
  };
  prepared.data.labels = {"kind"};
  expect_new("what becomes a label");
  prepared.label("rare");
  expect_new("a label");
  prepared.data.labels = {};
  write_wav(prepared.folder / "in/tone3.wav", swelling_tone(77, 3200, 16000), 16000);
  expect_new("a recording of the same length");
  fs::rename(prepared.folder / "in/tone4.wav", prepared.folder / "in/tune4.wav");
  expect_new("a name");
  fs::remove(prepared.folder / "in/tone5.wav");
  expect_new("a recording less");
  prepared.data.test = 0.3;
  expect_new("a share");
  prepared.descriptors.hop = 128;
  expect_new("a setting of the measurement");
  Dataset dataset(prepared.data, prepared.descriptors);
  const std::string moved = dataset.clips()[dataset.split(Split::kTrain)[0]].path;
  EXPECT_TRUE(seen.insert(prepared.fingerprint({{moved, Split::kTest}})).second) << "a split";
}

// Files that were copied, or unpacked again, are the same data.
TEST(Fingerprint, DoesNotChangeWithTheTimeOfAFile) {
  const PreparedClips prepared;
  const uint64_t before = prepared.fingerprint();
  const fs::path file = prepared.folder / "in/tone3.wav";
  fs::last_write_time(file, fs::last_write_time(file) + std::chrono::hours(1));
  const PrepareReport report = prepare(prepared.data, prepared.descriptors);
  EXPECT_EQ(report.kept, 1) << "read again";
  EXPECT_EQ(prepared.fingerprint(), before);
}

TEST(Fingerprint, DoesNotChangeWithALabelThatNobodyAsksFor) {
  PreparedClips prepared;
  const uint64_t before = prepared.fingerprint();
  prepared.label("rare");
  prepare(prepared.data, prepared.descriptors);
  EXPECT_EQ(prepared.fingerprint(), before);
}

TEST(StoredSplits, TakeThePlaceOfTheCachesOwn) {
  const PreparedClips prepared;
  const Dataset first(prepared.data, prepared.descriptors);
  std::map<std::string, Split> stored = first.splits();
  ASSERT_EQ(stored.size(), 12u);
  const std::string moved = first.clips()[first.split(Split::kTrain)[0]].path;
  stored[moved] = Split::kTest;
  stored["no such clip"] = Split::kTrain;
  const Dataset second(prepared.data, prepared.descriptors, stored);
  stored.erase("no such clip");
  EXPECT_EQ(second.splits(), stored);
  EXPECT_EQ(second.split(Split::kTest).size(), first.split(Split::kTest).size() + 1);
}

// Twelve files grow to sixty and the shares change, yet no clip leaves the split in which the run began.
TEST(StoredSplits, HoldWhenFilesAreAddedAndSharesChange) {
  PreparedClips prepared;
  const std::map<std::string, Split> stored = Dataset(prepared.data, prepared.descriptors).splits();
  write_recordings(prepared.folder / "in/more", 48, 16000, 0.2);
  prepared.data.validation = 0.3;
  prepared.data.test = 0.05;
  prepare(prepared.data, prepared.descriptors);
  const auto now = Dataset(prepared.data, prepared.descriptors).splits();
  const auto kept = Dataset(prepared.data, prepared.descriptors, stored).splits();
  ASSERT_EQ(kept.size(), 60u);
  int moved = 0, of_new[3] = {0, 0, 0};
  for (const auto& [path, split] : kept) {
    const auto before = stored.find(path);
    if (before == stored.end()) {
      EXPECT_EQ(split, now.at(path));
      ++of_new[static_cast<int>(split)];
    } else {
      EXPECT_EQ(split, before->second);
      moved += now.at(path) != split;
    }
  }
  EXPECT_GT(moved, 0) << "of the hash's own splits, else this proves nothing";
  EXPECT_GT(of_new[0], 0);
  EXPECT_GT(of_new[1], 0);
}

TEST(StoredSplits, ComeBackFromTheirText) {
  const PreparedClips prepared;
  write_recordings(prepared.folder / "in/with, \"comma\"", 2, 16000, 0.2);
  prepare(prepared.data, prepared.descriptors);
  const Dataset dataset(prepared.data, prepared.descriptors);
  const std::string text = splits_text(dataset);
  EXPECT_EQ(text.substr(0, 11), "path,split\n");
  EXPECT_EQ(parse_splits(text), dataset.splits());
}

// As F-RAVE's published code splits: pieces of one recording lie in several splits.
TEST(LegacySplit, ByChunkCutsEveryRecordingAndSplitsThePieces) {
  PreparedClips prepared;
  const Dataset whole(prepared.data, prepared.descriptors);
  prepared.data.segment = 1024, prepared.data.legacy = {"split_by_chunk"};
  const Dataset cut(prepared.data, prepared.descriptors);
  const int64_t hop = prepared.descriptors.hop, of_first = whole.clips()[0].samples;
  ASSERT_EQ(of_first, 3200);
  ASSERT_EQ(cut.clips().size(), 4 * whole.clips().size());
  const std::vector<float> all = whole.samples(0);
  int64_t measurements = 0, of_all = 0;
  const float* curve = whole.curve(0, 0, &of_all);
  std::vector<float> joined;
  for (int chunk = 0; chunk < 4; ++chunk) {
    EXPECT_EQ(cut.clips()[chunk].path, whole.clips()[0].path + " (chunk " + std::to_string(chunk + 1) + ")");
    const std::vector<float> piece = cut.samples(chunk);
    EXPECT_EQ(piece.size(), chunk < 3 ? 1024u : 128u);
    joined.insert(joined.end(), piece.begin(), piece.end());
    const float* part = cut.curve(chunk, 0, &measurements);
    EXPECT_EQ(measurements, (int64_t(piece.size()) + hop - 1) / hop);
    EXPECT_EQ(part, cut.rms(chunk, nullptr));
    for (int64_t i = 0; i < measurements; ++i) EXPECT_EQ(part[i], curve[chunk * 1024 / hop + i]);
  }
  EXPECT_EQ(joined, all);
  std::map<std::string, std::set<Split>> splits;
  for (const ClipInfo& clip : cut.clips()) splits[clip.path.substr(0, clip.path.find(" ("))].insert(clip.split);
  EXPECT_TRUE(std::any_of(splits.begin(), splits.end(), [](const auto& file) { return file.second.size() > 1; }));
  EXPECT_NE(cut.fingerprint(), whole.fingerprint());
  std::vector<float> beyond(1100, 1);
  cut.read(0, 0, 1100, beyond.data());
  EXPECT_EQ(beyond[1024], 0) << "the next chunk is another clip's";
}

TEST(LegacySplit, IsRefusedWhereItContradictsTheOtherSettings) {
  PreparedClips prepared;
  prepared.data.legacy = {"split_by_chunk"};
  prepared.data.segment = prepared.descriptors.hop * 3 / 2;
  EXPECT_THAT(error_of([&] { prepared.fingerprint(); }), testing::HasSubstr("must divide data.segment"));
  prepared.data.group = "kind";
  prepare(prepared.data, prepared.descriptors);
  EXPECT_EQ(error_of([&] { prepared.fingerprint(); }),
            "data.legacy: split_by_chunk does not go with data.group (kind)");
}

}  // namespace
}  // namespace nr
