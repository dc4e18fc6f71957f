// The readers of foreign bytes that are ours, under libFuzzer: the first byte chooses the reader, the rest is its
// input. Whatever the bytes, a reader returns or throws nr::Error. A program that was read then streams within its
// arena, and an integer one gives the same bits on the engine.
#include <cstdint>
#include <cstring>
#include <sstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "config/renamed.h"
#include "config/value.h"
#include "data/csv.h"
#include "data/database.h"
#include "data/manifest.h"
#include "data/rave_dataset.h"
#include "data/record.h"
#include "engine/engine.h"
#include "export/runtime/stream.h"
#include "midi/file.h"
#include "nn/safetensors.h"
#include "program/bytes.h"
#include "program/file.h"

namespace {

void require(bool condition) {
  if (!condition) __builtin_trap();
}

void read_manifest(const std::string& bytes) {
  for (const nr::CsvRow& row : nr::parse_csv(bytes, "manifest.csv")) {
    std::string line;
    for (const std::string& cell : row.cells) line += (&cell == row.cells.data() ? "" : ",") + nr::csv_cell(cell);
    if (line.empty()) continue;  // an empty row
    const auto again = nr::parse_csv(line, "again");
    require(again.size() == 1 && again[0].cells == row.cells);
  }
  nr::parse_manifest(bytes, "manifest.csv");
}

void read_yaml(const std::string& bytes) {
  nr::config::Value root = nr::config::parse_text(bytes, "config");
  nr::config::upgrade(root);
  nr::config::dump(root);
}

// Work of one tick that is worth waiting for.
bool small(const nr_program& p) {
  double work = p.arena;
  for (int i = 0; i < p.n_nodes; ++i) {
    const nr_node& n = p.nodes[i];
    const double inputs = n.op == NR_CONV || n.op == NR_FRAME_FILTER ? double(n.runs) * n.run : 1;
    work += double(n.rows) * n.channels * (64 + inputs);
  }
  return work < 1e7;
}

// All outputs of three ticks.
template <class Streamer>
std::vector<float> streamed(Streamer& streamer, const nr_model& m) {
  const nr_program& p = *m.program;
  std::vector<std::vector<float>> in, out;
  std::vector<const float*> from;
  std::vector<float*> to;
  for (int i = 0; i < p.n_inputs; ++i) in.emplace_back(size_t(p.inputs[i].channels) * p.inputs[i].frames, 0.5f);
  for (int i = 0; i < p.n_outputs; ++i) out.emplace_back(size_t(p.outputs[i].channels) * p.outputs[i].frames);
  for (int i = 0; i < p.n_inputs; ++i) from.push_back(m.loop[i] ? in[i].data() : nullptr);
  for (auto& block : out) to.push_back(block.data());
  std::vector<float> all;
  for (int tick = 0; tick < 3; ++tick) {
    streamer.tick(from.data(), to.data());
    for (const auto& block : out) all.insert(all.end(), block.begin(), block.end());
  }
  return all;
}

void stream(const nr_model& m) {
  std::vector<unsigned char> arena(nr::Stream::arena_bytes(*m.program));
  nr::Stream stream(*m.program, arena.data());
  nr::Engine engine(*m.program);
  const std::vector<float> wanted = streamed(stream, m), heard = streamed(engine, m);
  if (m.program->precision != NR_FLOAT32)
    require(std::memcmp(wanted.data(), heard.data(), wanted.size() * sizeof(float)) == 0);
}

// Also with the length and the checksum that the bytes have, so that what lies behind them is reached.
void read_program(const std::string& bytes) {
  try {
    const nr::ProgramFile as_given(bytes, "fuzzed");
  } catch (const nr::Error&) {
  }
  const std::string rest = bytes.size() > nr::kProgramHead ? bytes.substr(nr::kProgramHead) : "";
  nr::ByteWriter head;
  head.number(nr::kProgramVersion), head.count(rest.size()), head.number(nr::checksum_of(rest));
  const nr::ProgramFile file(nr::kProgramMark + head.bytes() + rest, "fuzzed");
  if (!small(*file.model().program)) return;
  stream(file.model());
  const nr::ProgramFile again(nr::program_bytes(file.model()), "again");
}

// Events in order of time, every note-on with its end.
void read_midi(const std::string& bytes) {
  nr::MidiFile file(bytes, "fuzzed");
  double last = 0;
  for (nr::MidiEvent event; file.next(event); last = event.seconds) {
    require(event.seconds >= last && event.seconds <= file.seconds());
    require(event.channel >= 0 && event.channel < 16 && event.number >= 0 && event.number < 128);
  }
}

void read(char reader, const std::string& bytes) {
  switch (reader) {
    case 'm': read_manifest(bytes); break;
    case 'j': nr::parse_manifest(bytes, "examples.json"); break;
    case 'r': nr::unpack_record(bytes); break;
    case 'i': nr::pack(nr::unpack_index(bytes)); break;
    case 'y': read_yaml(bytes); break;
    case 'd': {
      std::istringstream in(bytes);
      nr::database_problem(in, bytes.size());
      break;
    }
    case 'p': nr::parse_rave_record(bytes); break;
    case 'n': read_program(bytes); break;
    case 't': read_midi(bytes); break;
    case 'c': {
      std::istringstream in(bytes);
      nr::read_checkpoint(in, bytes.size(), "fuzzed");
      break;
    }
    default:
      break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return -1;
  try {
    read(static_cast<char>(data[0]), std::string(data + 1, data + size));
  } catch (const nr::Error&) {
  }
  return 0;
}
