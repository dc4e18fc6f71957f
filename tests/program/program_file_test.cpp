// Program files: what is written is what is read, and damage ends in an Error or in a program that stays within its
// arena.
#include <gmock/gmock.h>

#include <cstring>
#include <functional>

#include "export/runtime/stream.h"
#include "program/bytes.h"
#include "program/file.h"
#include "program/toy_program.h"
#include "support/errors.h"

namespace nr {
namespace {
using testing::HasSubstr;

#ifdef __SANITIZE_ADDRESS__
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
constexpr nr_precision kPrecisions[] = {NR_FLOAT32, NR_INT16, NR_INT8};

// Every output of the test's ticks. The arena lies between two walls: `broken` when one of them changed.
std::vector<float> played(const nr_model& m, bool* broken = nullptr) {
  const size_t wall = broken ? 4096 : 0;  // without walls the sanitizers see what lies beyond
  const nr_program& p = *m.program;
  std::vector<unsigned char> memory(wall + Stream::arena_bytes(p) + wall, 0xa5);
  Stream stream(p, memory.data() + wall);
  std::vector<float> all;
  for (int t = 0; t < m.n_loop; ++t) {
    std::vector<std::vector<float>> in(p.n_inputs), out(p.n_outputs);
    std::vector<const float*> from;
    std::vector<float*> to;
    for (int i = 0; i < p.n_inputs; ++i) {
      const size_t block = size_t(p.inputs[i].channels) * p.inputs[i].frames;
      for (size_t k = t * block; m.loop[i] && k < (t + 1) * block; ++k)
        in[i].push_back(p.precision == NR_FLOAT32 ? static_cast<const float*>(m.loop[i])[k]
                                                  : static_cast<const int16_t*>(m.loop[i])[k] * p.inputs[i].scale);
      from.push_back(m.loop[i] ? in[i].data() : nullptr);
    }
    for (int i = 0; i < p.n_outputs; ++i) {
      out[i].resize(size_t(p.outputs[i].channels) * p.outputs[i].frames);
      to.push_back(out[i].data());
    }
    stream.tick(from.data(), to.data());
    for (const auto& o : out) all.insert(all.end(), o.begin(), o.end());
  }
  for (size_t i = 0; i < wall; ++i) *broken |= memory[i] != 0xa5 || memory[memory.size() - 1 - i] != 0xa5;
  return all;
}

// With the length and the checksum that its bytes have now.
std::string repaired(std::string file) {
  ByteWriter head;
  const std::string rest = file.substr(kProgramHead);
  head.number(kProgramVersion), head.count(rest.size()), head.number(checksum_of(rest));
  return kProgramMark + head.bytes() + rest;
}

TEST(ProgramFile, ReadBackStreamsBitForBitTheSame) {
  for (const nr_precision precision : kPrecisions) {
    const ToyProgram toy(precision);
    const std::string bytes = program_bytes(toy.model());
    const ProgramFile file(bytes, "toy.nrp");
    const std::vector<float> wanted = played(toy.model()), heard = played(file.model());
    ASSERT_EQ(wanted.size(), heard.size());
    EXPECT_EQ(std::memcmp(wanted.data(), heard.data(), wanted.size() * sizeof(float)), 0) << precision;
    EXPECT_EQ(program_bytes(file.model()), bytes) << precision;
    float largest = 0;
    for (const float x : wanted) largest = std::max(largest, std::fabs(x));
    EXPECT_GT(largest, 0.1f);
  }
}

TEST(ProgramFile, HoldsWhatAPlayerNeedsBesideTheProgram) {
  const ToyProgram toy(NR_FLOAT32);
  const ProgramFile file(program_bytes(toy.model()), "toy.nrp");
  const nr_model& m = file.model();
  EXPECT_STREQ(m.name, "toy");
  EXPECT_EQ(m.sample_rate, 16000);
  EXPECT_EQ(m.macs, 1000);
  EXPECT_EQ(m.checksum, 12345u);
  ASSERT_EQ(m.n_controls, 1);
  EXPECT_STREQ(m.controls[0].name, "centroid");
  EXPECT_STREQ(m.controls[0].unit, "Hz");
  EXPECT_EQ(m.controls[0].high, 4000);
  EXPECT_EQ(m.controls[0].warp, 2);
  EXPECT_EQ(m.program->graph_hash, 77u);
  EXPECT_EQ(m.loop[2], nullptr) << "the stream draws its noise";
  EXPECT_EQ(std::memcmp(m.probes, toy.model().probes, sizeof(float) * 3), 0);
}

TEST(ProgramFile, SaysWhatIsWrongWithTheFileAsAWhole) {
  const std::string good = program_bytes(ToyProgram(NR_INT8).model());
  const auto error = [](const std::string& bytes) { return error_of([&] { ProgramFile(bytes, "a.nrp"); }); };
  EXPECT_EQ(error(""), "a.nrp: is not a program file, which begins with NRPF");
  EXPECT_EQ(error("RIFF"), "a.nrp: is not a program file, which begins with NRPF");
  EXPECT_EQ(error(good.substr(0, 10)), "a.nrp: is cut short: 4 times 1 bytes after 4 of 6");
  EXPECT_THAT(error(good.substr(0, good.size() - 1)), HasSubstr("a.nrp: is cut or grown: "));
  EXPECT_THAT(error(good + "x"), HasSubstr("a.nrp: is cut or grown: "));
  EXPECT_EQ(error(repaired(good + "x")), "a.nrp: 1 bytes are left over");
  std::string newer = good, damaged = good;
  newer[4] = 2, damaged[100] ^= 1;
  EXPECT_EQ(error(newer), "a.nrp: is a program file of version 2, expected 1; export the run again");
  EXPECT_EQ(error(damaged), "a.nrp: is damaged: its bytes do not give its checksum");
}

struct Damage {
  std::function<void(ToyProgram&)> make;
  std::string expected;
};

// What a stream would touch, one fault at a time: the writer holds a program to the reader's rules.
TEST(ProgramFile, RefusesWhatWouldLeaveTheArenaOrItsTables) {
  const std::vector<Damage> damages{
      {[](ToyProgram& t) { t.nodes()[0].a.at = t.program().arena; }, "node 0 reaches elements"},
      {[](ToyProgram& t) { t.nodes()[0].row_step = 4000; }, "node 0's row step is 4000, expected 0 to"},
      {[](ToyProgram& t) { t.nodes()[0].a.at = -1; }, "node 0's place is -1, expected 0 to"},
      {[](ToyProgram& t) { t.nodes()[0].y.at = t.program().arena - 1; }, "node 0 reaches elements"},
      {[](ToyProgram& t) { t.nodes()[0].y.pitch = 0; }, "node 0's pitch is 0, expected 1 to"},
      {[](ToyProgram& t) { t.nodes()[0].y.pitch = 3; }, "node 0's channels is 4, expected 1 to 3"},
      {[](ToyProgram& t) { t.nodes()[2].rows = 1 << 19; }, "node 2 reaches elements"},
      {[](ToyProgram& t) { t.nodes()[0].bias = nullptr; }, "node 0's bias has 0 numbers of its type, expected 4"},
      {[](ToyProgram& t) { t.nodes()[3].table = nullptr; }, "node 3's table has 0 numbers of its type, expected 513"},
      {[](ToyProgram& t) { t.nodes()[0].run = 11; }, "node 0's run is 11, expected a multiple of 4"},
      {[](ToyProgram& t) { t.nodes()[0].weight_bits = 32; }, "node 0 has weights of 32 bits, expected 8 or 16"},
      {[](ToyProgram& t) { t.nodes()[9].b_channels = 9; }, "node 9's second channels is 9, expected 0 to 8"},
      {[](ToyProgram& t) { t.nodes()[9].y.at = t.nodes()[9].a.at; }, "node 9 writes over what it reads"},
      {[](ToyProgram& t) { t.nodes()[0].y = t.nodes()[0].a; }, "node 0 writes over what it reads"},
      {[](ToyProgram& t) { t.nodes()[11].y = t.nodes()[11].a; }, "node 11 writes over what it reads"},
      {[](ToyProgram& t) { t.nodes()[11].factor = 1 << 26; }, "node 11's factor is 67108864, expected 1 to 67108863"},
      {[](ToyProgram& t) { t.nodes()[12].run = 64; }, "node 12's taps is 64, expected 1 to 63"},
      {[](ToyProgram& t) { t.nodes()[12].run = 0; }, "node 12's taps is 0, expected 1 to 63"},
      {[](ToyProgram& t) { t.nodes()[12].row_step = 0; }, "node 12's rows a frame is 0, expected 1 to 2"},
      {[](ToyProgram& t) { t.nodes()[12].late_at = t.program().arena; }, "node 12 reaches elements"},
      {[](ToyProgram& t) {
         t.nodes()[12].late = 1 << 26, t.nodes()[10].y = {0, 100};
         t.nodes()[10].a = t.nodes()[10].b = {110, 8};
       },
       "what is late is"},
      {[](ToyProgram& t) { t.nodes()[1].op = NR_BATCH_NORM; }, "node 1 has operation 3, which no stream runs"},
      {[](ToyProgram& t) { t.lines()[0].step = t.program().arena; }, "line 0 reaches elements"},
      {[](ToyProgram& t) { t.lines()[0].keep = -1; }, "line 0's history is -1, expected 0 to"},
      {[](ToyProgram& t) { t.program().arena = 0; }, "arena is 0, expected 1 to 67108864"},
      {[](ToyProgram& t) { t.program().precision = 3; }, "precision is 3, expected 0 to 2"},
  };
  for (const Damage& damage : damages) {
    ToyProgram toy(NR_INT8);
    damage.make(toy);
    EXPECT_THAT(error_of([&] { program_bytes(toy.model()); }), HasSubstr("toy: " + damage.expected));
  }
}

TEST(ProgramFile, CutAnywhereIsAnError) {
  const std::string good = program_bytes(ToyProgram(NR_INT16).model());
  for (size_t size = kProgramHead; size < good.size(); ++size)
    EXPECT_NE(error_of([&] { ProgramFile(repaired(good.substr(0, size)), "a.nrp"); }), "") << size;
}

TEST(ProgramFile, WithAnyByteChangedIsAnErrorOrStaysWithinItsArena) {
  int refused = 0, streamed = 0;
  for (const nr_precision precision : kPrecisions) {
    const std::string good = program_bytes(ToyProgram(precision).model());
    for (size_t at = kProgramHead; at < good.size(); ++at)
      for (const int change : {0x01, 0x80, 0xff}) {
        std::string bad = good;
        bad[at] ^= char(change);
        bool broken = false;
        try {
          const ProgramFile file(repaired(bad), "a.nrp");
          if (file.model().program->arena > 1 << 20) continue;
          played(file.model(), &broken), ++streamed;
          if (kSanitized) played(file.model());
        } catch (const Error&) {
          ++refused;
        }
        ASSERT_FALSE(broken) << "byte " << at << " of precision " << precision;
      }
  }
  EXPECT_GT(refused, 1000);
  EXPECT_GT(streamed, 1000);
}

}  // namespace
}  // namespace nr
