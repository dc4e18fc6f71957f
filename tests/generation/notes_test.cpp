// A run of notes played from MIDI, and as a multisample.
#include <gmock/gmock.h>

#include <cmath>
#include <regex>
#include <sstream>

#include "audio/clip.h"
#include "base/files.h"
#include "deploy/deploy.h"
#include "generation/generate.h"
#include "generation/note_player.h"
#include "generation/note_run.h"
#include "generation/play.h"
#include "midi/smf.h"
#include "support/errors.h"
#include "support/note_set.h"
#include "support/temporary.h"

namespace nr {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

double level(const std::vector<float>& x, double from, double to) {  // seconds
  double sum = 0;
  for (size_t i = size_t(from * kNoteRate); i < size_t(to * kNoteRate); ++i) sum += double(x.at(i)) * x.at(i);
  return std::sqrt(sum / ((to - from) * kNoteRate));
}

TEST(NoteInstrument, KnowsItsKeysStylesAndPoints) {
  const NoteInstrument instrument(small_run(), {});
  EXPECT_EQ(instrument.styles(), (std::vector<std::string>{"oboe", "clarinet"}));
  EXPECT_EQ(instrument.style_text(), "oboe 1");
  EXPECT_FALSE(instrument.plays(59));
  EXPECT_TRUE(instrument.plays(60) && instrument.plays(83));
  EXPECT_FALSE(instrument.plays(84));
  EXPECT_EQ(instrument.note(60, instrument.initial()).size(), size_t(kNoteSamples));
  EXPECT_THAT(error_of([&] { instrument.note(59, instrument.initial()); }), HasSubstr("no such octave"));
  EXPECT_THAT(error_of([] { NoteInstrument(small_run(), {"", {"obo=1"}, {}}); }),
              HasSubstr("the model knows no style 'obo' (did you mean 'oboe'?)"));
  EXPECT_THAT(error_of([] { NoteInstrument(small_run(), {"", {"oboe=much"}, {}}); }), HasSubstr("'much' is not a num"));
  EXPECT_THAT(error_of([] { NoteInstrument(small_run(), {"", {}, {1, 2}}); }),
              HasSubstr("point: 2 numbers, but the latent has 3 dimensions"));
  EXPECT_EQ(NoteInstrument(small_run(), {"", {"oboe=0.5", "clarinet=1.5"}, {}}).style_text(), "oboe 0.5, clarinet 1.5");
}

std::vector<float> played(const std::string& midi, const NotePlayerConfig& config = {}) {
  const NoteInstrument instrument(small_run(), {});
  NotePlayer player(instrument, MidiFile(midi, "test.mid"), config);
  std::vector<float> out;
  for (int64_t b = 0; b < player.blocks(); ++b) {
    out.resize(out.size() + NotePlayer::kBlock);
    player.next(&out[out.size() - NotePlayer::kBlock]);
  }
  return out;
}

// Ticks are milliseconds; a block lasts 128.
TEST(NotePlayer, PlaysNotesAtTheirTimesAndLevels) {
  const auto strong = played(smf({SmfTrack().on(128, 60, 127).off(900, 60).end(1000)})),
             weak = played(smf({SmfTrack().on(128, 60, 64).off(900, 60).end(1000)}));
  EXPECT_EQ(level(strong, 0, 0.125), 0) << "before the note";
  EXPECT_GT(level(strong, 0.128, 0.3), 1e-4);
  EXPECT_EQ(level(strong, 0.6, 1), 0) << "a note lasts as long as the model's notes";
  EXPECT_NEAR(20 * std::log10(level(weak, 0.128, 0.3) / level(strong, 0.128, 0.3)), 30 * (64 / 127.0 - 1), 0.1);
}

TEST(NotePlayer, PlaysChordsAsTheSumOfTheirNotes) {
  const auto one = played(smf({SmfTrack().on(0, 60).off(900, 60).end(1000)})),
             other = played(smf({SmfTrack().on(0, 67).off(900, 67).end(1000)})),
             both = played(smf({SmfTrack().on(0, 60).on(0, 67).off(900, 60).off(900, 67).end(1000)}));
  for (size_t i = 0; i < both.size(); ++i) ASSERT_NEAR(both[i], one[i] + other[i], 1e-6);
  const auto last = played(smf({SmfTrack().on(0, 60).on(0, 67).off(900, 60).off(900, 67).end(1000)}), {0, 1});
  EXPECT_EQ(last, other) << "with one voice the last note takes the first's place";
}

TEST(NotePlayer, EndsNotesAtNoteOffUnlessThePedalHoldsThem) {
  NotePlayerConfig config;
  config.release = 0.01;
  const auto lifted = played(smf({SmfTrack().on(0, 60).off(120, 60).end(1000)}), config),
             pedal = played(smf({SmfTrack().controller(0, 64, 127).on(0, 60).off(120, 60).end(1000)}), config),
             whole = played(smf({SmfTrack().on(0, 60).off(900, 60).end(1000)}), config);
  EXPECT_EQ(level(lifted, 0.15, 0.25), 0);
  EXPECT_EQ(pedal, whole);
}

TEST(NotePlayer, MovesStylesWhileANoteSounds) {
  NotePlayerConfig config;
  config.cc = {"2=clarinet", "1=latent0"};
  const SmfTrack still = SmfTrack().on(0, 60).off(900, 60).end(1000),
                 moved = SmfTrack().on(0, 60).controller(128, 2, 127).off(900, 60).end(1000);
  const auto before = played(smf({still}), config), after = played(smf({moved}), config);
  double early = 0, late = 0;
  for (size_t i = 0; i < 1024; ++i) {
    early += std::abs(before[i] - after[i]);
    late += std::abs(before[1024 + i] - after[1024 + i]);
  }
  EXPECT_EQ(early, 0);
  EXPECT_GT(late, 0);
  config.cc = {"2=oboee"};
  EXPECT_THAT(error_of([&] { played(smf({still}), config); }), HasSubstr("cc '2=oboee': the model has no 'oboee'"));
}

TEST(NotePlayer, LeavesOutWhatTheModelCannotPlay) {
  const auto sound = played(smf({SmfTrack().on(0, 20).on(0, 60).off(900, 20).off(900, 60).end(1000)}));
  EXPECT_EQ(sound, played(smf({SmfTrack().on(0, 60).off(900, 60).end(1000)})));
  EXPECT_THAT(error_of([] { played(smf({SmfTrack().end(10)})); }), HasSubstr("holds no note to play"));
}

TEST(PlayNotes, WritesAWav) {
  const TemporaryFolder folder;
  PlayConfig config;
  config.run = small_run(), config.midi = folder / "a.mid", config.out = folder / "a.wav";
  config.notes.style = {"clarinet"};
  write_file(config.midi, smf({SmfTrack().on(0, 60).off(300, 60).end(400)}));
  play(config);
  const Clip clip = read_clip(config.out);
  EXPECT_EQ(clip.sample_rate, kNoteRate);
  EXPECT_GT(level(clip.samples, 0, 0.2), 0);
  const std::string cut = smf({SmfTrack().on(0, 60).off(300, 60).end(400)});
  write_file(config.midi, cut.substr(0, cut.size() - 6));
  config.out = folder / "b.wav";
  EXPECT_THAT(error_of([&] { play(config); }), HasSubstr("a.mid"));
  EXPECT_FALSE(fs::exists(config.out));
}

// The parts of the format that the file uses: headers, opcodes, the last of which on a line may hold spaces.
struct SfzRegion {
  std::map<std::string, std::string> opcodes;
};
std::vector<SfzRegion> parse_sfz(const std::string& contents) {
  std::vector<SfzRegion> out;
  std::istringstream lines(contents);
  static const std::regex opcode("(\\w+)=(\\S+)");
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("//", 0) == 0) continue;
    if (line.rfind("<region>", 0) == 0) out.emplace_back();
    if (out.empty()) continue;
    for (std::sregex_iterator i(line.begin(), line.end(), opcode), end; i != end; ++i)
      out.back().opcodes[(*i)[1]] = (*i)[2];
  }
  return out;
}

TEST(Multisample, HasASoundForEveryKeyThatTheModelPlays) {
  const TemporaryFolder folder;
  GenerateConfig config;
  config.run = small_run(), config.sfz = (folder / "mine").string() + "/", config.step = 3;
  config.notes.style = {"oboe=0.5", "clarinet=0.5"};
  generate(config);
  const std::string sfz = read_file(folder / "mine/mine.sfz");
  EXPECT_THAT(sfz, HasSubstr("// oboe 0.5, clarinet 0.5\n"));
  const std::vector<SfzRegion> regions = parse_sfz(sfz);
  ASSERT_EQ(regions.size(), 8u);
  int next = 60;
  for (const SfzRegion& region : regions) {
    EXPECT_EQ(std::stoi(region.opcodes.at("lokey")), next) << "no key is left out, and none has two sounds";
    const int key = std::stoi(region.opcodes.at("pitch_keycenter"));
    next = std::stoi(region.opcodes.at("hikey")) + 1;
    EXPECT_TRUE(key < next);
    const Clip clip = read_clip(folder / ("mine/" + region.opcodes.at("sample")));
    EXPECT_EQ(clip.samples.size(), size_t(kNoteSamples));
    EXPECT_EQ(clip.sample_rate, kNoteRate);
  }
  EXPECT_EQ(next, 82);
}

TEST(NoteInstrument, IsNotExportedAndWhyIsSaid) {
  const TemporaryFolder folder;
  ExportConfig config;
  config.run = small_run(), config.output = folder / "notes.h";
  EXPECT_THAT(error_of([&] { export_model(config); }),
              testing::AllOf(HasSubstr("makes whole notes and does not stream; `play` and `generate` take it. Decoder"),
                             HasSubstr("on a Daisy"), HasSubstr("fit its QSPI flash")));
  EXPECT_FALSE(fs::exists(config.output));
}

TEST(Multisample, OfKeysThatTheModelDoesNotPlayIsRefused) {
  const TemporaryFolder folder;
  GenerateConfig config;
  config.run = small_run(), config.sfz = folder / "none", config.low = 20, config.high = 40;
  EXPECT_THAT(error_of([&] { generate(config); }), HasSubstr("keys 20 to 40: the model plays none of them"));
  EXPECT_FALSE(fs::exists(folder / "none"));
}

}  // namespace
}  // namespace nr
