// Runs played live: what an audio server's callback gets, without a server.
#include "generation/live.h"

#include <gmock/gmock.h>

#include <atomic>
#include <cmath>
#include <thread>

#include "audio/resampler.h"
#include "generation/note_player.h"
#include "generation/note_run.h"
#include "midi/smf.h"
#include "support/allocation.h"
#include "support/errors.h"

namespace nr {
namespace {
using testing::HasSubstr;

PlayConfig notes() {
  PlayConfig config;
  config.run = small_run();
  config.voice.cc = {"2=clarinet"};
  return config;
}

void take(LiveInstrument& live, unsigned char kind, unsigned char number, unsigned char value) {
  const unsigned char bytes[3] = {kind, number, value};
  live.take(bytes, 3);
}

// Made at once, as in offline rendering.
std::vector<float> block(LiveInstrument& live, int samples = NotePlayer::kBlock) {
  while (live.work()) {
  }
  std::vector<float> out(static_cast<size_t>(samples));
  live.process(nullptr, out.data(), samples);
  return out;
}

double energy(const std::vector<float>& x) {
  double sum = 0;
  for (const float v : x) sum += double(v) * v;
  return sum;
}

TEST(LiveNotes, SoundAsTheFileDoes) {
  const NoteInstrument instrument(small_run(), {});
  NotePlayerConfig config;
  config.cc = {"2=clarinet"};
  // Ticks are milliseconds; a block lasts 128.
  NotePlayer offline(instrument,
                     MidiFile(smf({SmfTrack().on(0, 60, 127).on(0, 67, 64).controller(128, 2, 127).off(256, 60)
                                       .end(600)}),
                              "test.mid"),
                     config);
  const auto live = open_live(notes(), kNoteRate);
  take(*live, 0x90, 60, 127), take(*live, 0x90, 67, 64);
  for (int b = 0; b < 4; ++b) {
    if (b == 1) take(*live, 0xb0, 2, 127);
    if (b == 2) take(*live, 0x80, 60, 0);
    std::vector<float> wanted(NotePlayer::kBlock);
    offline.next(wanted.data());
    EXPECT_EQ(block(*live), wanted) << b;
  }
}

TEST(LiveNotes, SoundAlikeAtAnotherRate) {
  const auto own = open_live(notes(), kNoteRate), other = open_live(notes(), 3 * kNoteRate);
  take(*own, 0x90, 64, 100), take(*other, 0x90, 64, 100);
  const std::vector<float> wanted = resample(block(*own, 2048), kNoteRate, 3 * kNoteRate), heard = block(*other, 6144);
  ASSERT_EQ(wanted.size(), heard.size());
  double away = 0;
  for (size_t i = 0; i < heard.size(); ++i) away += std::pow(double(wanted[i]) - heard[i], 2);
  EXPECT_LT(away, 1e-6 * energy(wanted));
  EXPECT_GT(energy(wanted), 0);
}

TEST(LiveNotes, BeginAtTheirSampleOfABlock) {
  const auto one = open_live(notes(), kNoteRate), other = open_live(notes(), kNoteRate);
  const unsigned char on[3] = {0x90, 60, 100}, off[3] = {0x80, 60, 0};
  const MidiMessage early{0, 3, on}, at_once[2] = {{100, 3, off}, {100, 3, off}};
  std::vector<float> lifted(512), held(512);
  for (const auto& live : {one.get(), other.get()}) {
    process_block(*live, nullptr, lifted.data(), 16, &early, 1);
    EXPECT_EQ(energy({lifted.begin(), lifted.begin() + 16}), 0) << "it is not made yet";
    while (live->work()) {
    }
  }
  process_block(*one, nullptr, lifted.data(), 512, at_once, 2);
  other->process(nullptr, held.data(), 512);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(lifted[size_t(i)], held[size_t(i)]) << i;
  EXPECT_NE(lifted, held);
}

// The callback's thread takes no memory while another one makes notes.
TEST(LiveNotes, TakeNoMemoryInTheCallback) {
  const auto live = open_live(notes(), 44100);
  std::atomic<bool> ends{false};
  std::thread maker([&] {
    while (!ends)
      if (!live->work()) std::this_thread::yield();
  });
  std::vector<float> out(256);
  double heard = 0;
  const int64_t before = allocations();
  for (int b = 0; b < 400; ++b) {
    if (b % 20 == 0) take(*live, 0x90, static_cast<unsigned char>(60 + b % 13), 100);
    if (b % 20 == 15) take(*live, 0x80, static_cast<unsigned char>(60 + (b - 15) % 13), 0);
    if (b % 7 == 0) take(*live, 0xb0, 2, static_cast<unsigned char>(b % 128));
    live->process(nullptr, out.data(), 256);
    for (const float x : out) heard += std::fabs(x);
    if (b % 10 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(allocations(), before);
  ends = true;
  maker.join();
  EXPECT_GT(heard, 0);
  EXPECT_TRUE(std::isfinite(heard));
}

TEST(LiveNotes, LeaveOutWhatNoVoiceIsFreeFor) {
  PlayConfig config = notes();
  config.polyphony = 1;
  const auto live = open_live(config, kNoteRate);
  take(*live, 0x90, 60, 100), take(*live, 0x90, 62, 100);
  EXPECT_EQ(live->dropped(), 1) << "the first is still to be made";
  EXPECT_GT(energy(block(*live)), 0);
  take(*live, 0x90, 62, 100);
  EXPECT_EQ(live->dropped(), 1) << "it takes the place of the one that sounds";
  for (const std::vector<unsigned char>& broken : {std::vector<unsigned char>{}, {0x90}, {0x90, 60}, {0xf8}})
    live->take(broken.data(), int(broken.size()));
}

TEST(LiveNotes, RefuseWhatTheyDoNotHave) {
  PlayConfig config = notes();
  config.voice.cc = {"2=clarinett"};
  EXPECT_THAT(error_of([&] { open_live(config, 44100); }), HasSubstr("the model has no 'clarinett'"));
  config = notes(), config.set_control = {"rms=-10"};
  EXPECT_THAT(error_of([&] { open_live(config, 44100); }), HasSubstr("has no controls"));
}

// On a machine without JACK, or without a running server.
TEST(JackClient, SaysWhatIsMissing) {
  std::string error;
  try {
    JackClient client("neurorave_test");
    GTEST_SKIP() << "a JACK server runs";
  } catch (const Error& e) {
    error = e.what();
  }
  EXPECT_THAT(error, testing::AnyOf(HasSubstr("apt-get install jackd2"), HasSubstr("JACK: no server runs")));
}

}  // namespace
}  // namespace nr
