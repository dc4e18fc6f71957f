#include "data/rave_dataset.h"

#include <gmock/gmock.h>
#include <lmdb.h>

#include <cstring>
#include <set>

#include "base/files.h"
#include "audio/clip.h"
#include "data/dataset.h"
#include "data/prepare.h"
#include "data/scan.h"
#include "support/errors.h"
#include "support/signals.h"
#include "support/temporary.h"

namespace nr {
namespace {

using testing::HasSubstr;

std::string varint(uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  return out + static_cast<char>(value);
}
std::string integer(int field, uint64_t value) { return varint(field << 3) + varint(value); }
std::string bytes(int field, const std::string& value) { return varint(field << 3 | 2) + varint(value.size()) + value; }

// As `rave preprocess` writes it: the shape counts bytes, channels lie one after another.
std::string example(const std::vector<std::vector<float>>& channels, int sample_rate, int precision = 3) {
  std::string data;
  for (const auto& channel : channels)
    for (const float x : channel) {
      const auto sample = static_cast<int16_t>(std::lround(x * 32767));
      data.append(reinterpret_cast<const char*>(&sample), sizeof sample);
    }
  const std::string buffer = integer(1, channels.size()) + integer(1, channels[0].size() * 2) +
                             integer(2, sample_rate) + bytes(3, data) + integer(4, precision);
  return bytes(1, bytes(1, "waveform") + bytes(2, buffer));
}
std::string lazy_example(const std::string& path) {
  return bytes(2, bytes(1, "channels") + bytes(2, "1")) + bytes(2, bytes(1, "path") + bytes(2, path));
}

void write_dataset(const std::filesystem::path& folder, const std::vector<std::string>& records) {
  make_folder(folder);
  write_file(folder / "metadata.yaml", "channels: 1\nlazy: false\nsr: 16000\n");
  MDB_env* env;
  MDB_txn* transaction;
  MDB_dbi table;
  ASSERT_EQ(mdb_env_create(&env), 0);
  mdb_env_set_mapsize(env, 1 << 26);
  ASSERT_EQ(mdb_env_open(env, folder.c_str(), 0, 0644), 0);
  mdb_txn_begin(env, nullptr, 0, &transaction);
  mdb_dbi_open(transaction, nullptr, 0, &table);
  for (size_t i = 0; i < records.size(); ++i) {
    char key[32];
    std::snprintf(key, sizeof key, "%08zu", i);
    MDB_val k{8, key}, v{records[i].size(), const_cast<char*>(records[i].data())};
    ASSERT_EQ(mdb_put(transaction, table, &k, &v, 0), 0);
  }
  mdb_txn_commit(transaction);
  mdb_env_close(env);
}

TEST(RaveRecord, IsReadAsItWasWritten) {
  const std::vector<float> left = sine(440, 16000, 1000), right = noise(1000);
  const RaveRecord record = parse_rave_record(example({left, right}, 44100));
  EXPECT_EQ(record.sample_rate, 44100);
  ASSERT_EQ(record.channels.size(), 2u);
  for (size_t i = 0; i < 1000; ++i) {
    ASSERT_NEAR(record.channels[0][i], left[i], 1.0 / 32767);
    ASSERT_NEAR(record.channels[1][i], right[i], 1.0 / 32767);
  }
  EXPECT_EQ(parse_rave_record(lazy_example("/music/a.wav")).path, "/music/a.wav");
  EXPECT_EQ(parse_rave_record(example({left}, 44100) + lazy_example("/music/a.wav")).path, "")
      << "a record that holds its sound is read";
}

TEST(RaveRecord, ThatIsSomethingElseSaysWhat) {
  EXPECT_EQ(error_of([] { parse_rave_record(""); }), "holds neither a waveform nor a path");
  EXPECT_EQ(error_of([] { parse_rave_record(example({{0.f}}, 16000, 2)); }),
            "its waveform is of precision 2, expected int16 (3) or float32 (1)");
  EXPECT_EQ(error_of([] { parse_rave_record(example({{0.f}}, 0)); }), "its waveform has no sampling rate");
  const std::string whole = example({sine(440, 16000, 100)}, 16000);
  for (size_t cut = 1; cut < whole.size(); ++cut)
    EXPECT_NE(error_of([&] { parse_rave_record(std::string_view(whole).substr(0, cut)); }), "") << cut;
}

TEST(RaveDataset, IsPreparedRecordByRecord) {
  TemporaryFolder folder;
  std::vector<std::string> records;
  for (int i = 0; i < 100; ++i) records.push_back(example({sine(200 + i, 16000, 2000)}, 16000));
  records[99] = "not a message";
  write_dataset(folder / "in/set", records);
  DataConfig data;
  data.inputs = {(folder / "in").string()};
  data.cache = (folder / "cache").string();
  data.validation = data.test = 0.25;
  const PrepareReport report = prepare(data, {});
  EXPECT_EQ(report.kept, 99);
  EXPECT_EQ(report.skipped, 1);
  const auto skipped = std::find_if(report.verdicts.begin(), report.verdicts.end(),
                                    [](const Verdict& v) { return v.kind == Verdict::Kind::kSkipped; });
  EXPECT_THAT(verdict_text(*skipped), HasSubstr("data.mdb:00000099: is not a protocol buffer"));
  {
    const Dataset dataset(data, {});
    const std::vector<float> samples = dataset.samples(5), expected = sine(205, 16000, 2000);
    for (size_t i = 0; i < 2000; ++i) ASSERT_NEAR(samples[i], expected[i], 1.0 / 16384);
    for (size_t i = 0; i < 99; ++i)
      EXPECT_EQ(dataset.clips()[i].split, dataset.clips()[i / 10 * 10].split) << "neighbours leak at " << i;
  }
  EXPECT_EQ(prepare(data, {}).reused, 99);
}

// 2000 samples at 1 Hz are more than half an hour: 32 million samples at 16 kHz.
TEST(RaveDataset, WithARateThatNoSoundHasIsSkipped) {
  TemporaryFolder folder;
  write_dataset(folder / "in/set", {example({sine(200, 16000, 2000)}, 16000), example({sine(200, 16000, 2000)}, 1)});
  DataConfig data;
  data.inputs = {(folder / "in").string()};
  data.cache = (folder / "cache").string();
  const PrepareReport report = prepare(data, {});
  ASSERT_EQ(report.skipped, 1);
  EXPECT_EQ(report.verdicts[1].detail, "has a rate of 1 Hz, the limits are 1000 and 1000000 Hz");
}

TEST(RaveDataset, OfNamesGivesTheirFiles) {
  TemporaryFolder folder;
  write_wav(folder / "music/a.wav", sine(440, 16000, 4000), 16000);
  write_dataset(folder / "in",
                {lazy_example((folder / "music/a.wav").string()), lazy_example((folder / "music/gone.wav").string())});
  const Scan found = scan({(folder / "in").string()});
  ASSERT_EQ(found.sources.size(), 2u);
  EXPECT_EQ(found.sources[0].problem, "");
  EXPECT_TRUE(found.sources[0].outside);
  EXPECT_THAT(found.sources[1].problem,
              HasSubstr("no such file (named in " + (folder / "in").string() + "/data.mdb:00000001)"));
}

TEST(RaveDataset, ThatCannotBeOpenedSaysSo) {
  TemporaryFolder folder;
  write_file(folder / "in/metadata.yaml", "lazy: false\n");
  write_file(folder / "in/data.mdb", std::string(8192, 'x'));
  EXPECT_EQ(error_of([&] { scan({(folder / "in").string()}); }),
            (folder / "in").string() +
                ": is laid out as a RAVE data set, but its data.mdb is damaged (meta page 0 has magic "
                "0x78787878, expected 0xbeefc0de)");
}

}  // namespace
}  // namespace nr
