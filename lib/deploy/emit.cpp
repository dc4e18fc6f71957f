#include "deploy/emit.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "base/error.h"
#include "base/hash.h"

namespace nr {
namespace {

std::string number(float x) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.9g", double(x));
  std::string s = buffer;
  if (s.find_first_of(".e") == std::string::npos) s += ".0";
  return s + "f";
}
template <class T>
std::string number(T x) {
  return std::to_string(x);
}

const char* c_type(float) { return "float"; }
const char* c_type(int8_t) { return "int8_t"; }
const char* c_type(int16_t) { return "int16_t"; }
const char* c_type(int32_t) { return "int32_t"; }

template <class T>
void array(std::ostream& out, const std::string& storage, const std::string& symbol, const std::vector<T>& values) {
  out << storage << " " << c_type(T{}) << " " << symbol << "[] __attribute__((aligned(8))) = {";
  for (size_t i = 0; i < values.size(); ++i) out << (i % 32 ? "," : i ? ",\n" : "\n") << number(values[i]);
  out << "};\n";
}

struct Emitter {
  const Lowered& lowered;
  Sheet sheet;
  std::ostream& out;
  std::map<const void*, std::string> symbol{{nullptr, "0"}};

  std::string named(const std::string& what) const { return sheet.name + "_" + what; }

  void tables() {
    int k = 0;
    for (const NumberTable& table : lowered.tables)
      std::visit(
          [&](const auto& values) {
            const std::string name = named("table" + std::to_string(k++));
            symbol[values.data()] = name;
            array(out, "NR_WEIGHTS", name, values);
          },
          table);
  }

  void nodes() {
    out << "\n/* op, weight bits, rows, channels, a, b, y {at, pitch}, b channels, late at, late, runs, run, run step, row step, ... */\n";
    out << "static const nr_node " << named("nodes") << "[] = {\n";
    const auto rows = [](const nr_rows& r) { return text("{", r.at, ",", r.pitch, "}"); };
    for (size_t i = 0; i < lowered.nodes.size(); ++i) {
      const nr_node& n = lowered.nodes[i];
      out << "  {" << int(n.op) << "," << int(n.weight_bits) << "," << n.rows << "," << n.channels << "," << rows(n.a) << "," << rows(n.b)
          << "," << rows(n.y) << "," << n.b_channels << "," << n.late_at << "," << n.late << "," << n.runs << "," << n.run << ","
          << n.run_step << "," << n.row_step << "," << symbol.at(n.weights) << "," << symbol.at(n.bias) << "," << symbol.at(n.multiplier)
          << "," << symbol.at(n.table) << "," << n.factor << "," << number(n.slope) << "}, /* " << lowered.node_names[i] << " */\n";
    }
    out << "};\nstatic const nr_line " << named("lines") << "[] = {";
    for (const nr_line& l : lowered.lines) out << "{" << l.at << "," << l.keep << "," << l.step << "},";
    out << (lowered.lines.empty() ? "{0,0,0}" : "") << "};\n";
  }

  void ports(const std::string& what, const std::vector<nr_port>& list) {
    out << "static const nr_port " << named(what) << "[] = {";
    for (const nr_port& p : list)
      out << "{\"" << p.name << "\"," << p.channels << "," << p.frames << ",{" << p.rows.at << "," << p.rows.pitch << "},"
          << number(p.scale) << "},";
    out << "};\n";
  }

  void program() {
    const nr_program& p = lowered.program;
    out << "static const nr_program " << named("program") << " = {0x" << hex(p.graph_hash) << "ull," << p.precision << "," << p.hop << ","
        << p.latency << "," << p.arena << "," << p.n_inputs << "," << p.n_outputs << "," << p.n_nodes << "," << p.n_lines << ","
        << named("inputs") << "," << named("outputs") << "," << named("nodes") << "," << named("lines") << "};\n";
  }

  void knobs() {
    if (sheet.knobs.empty()) return;
    out << "static const nr_knob " << named("knobs") << "[] = {";
    for (const Knob& k : sheet.knobs)
      out << "{\"" << k.name << "\",\"" << k.unit << "\"," << number(float(k.low)) << "," << number(float(k.high)) << "," << k.warp << "},";
    out << "};\n";
  }

  // The loop in the program's own numbers, and what streaming it must give.
  void model() {
    const bool exact = lowered.program.precision != NR_FLOAT32;
    for (size_t i = 0; i < sheet.loop.size(); ++i)
      if (is_noise(lowered.inputs[i])) sheet.loop[i] = {};
    const int ticks = Playback(lowered).ticks(sheet.loop);
    std::vector<std::vector<int16_t>> integers;
    std::string loops;
    for (size_t i = 0; i < sheet.loop.size(); ++i) {
      const nr_port& p = lowered.inputs[i];
      if (is_noise(p)) {
        integers.emplace_back();
        loops += "0,";
        continue;
      }
      const std::string name = named(std::string("loop_") + p.name);
      Signal cut = sheet.loop[i];
      cut.rows.resize(size_t(ticks) * p.channels * p.frames);
      if (exact) {
        integers.push_back(quantised(cut, p.scale));
        array(out, "static const", name, integers.back());
      } else {
        array(out, "static const", name, cut.rows);
      }
      loops += name + ",";
    }
    out << "static const void* const " << named("loop") << "[] = {" << loops << "};\n";
    uint32_t sum = 0;
    if (exact) {
      sum = checksum(play_integers(lowered, integers));
    } else {
      const std::vector<float> heard = play(lowered, sheet.loop)[0].rows;
      const size_t block = size_t(lowered.outputs[0].channels) * lowered.outputs[0].frames;
      std::vector<float> probes;
      for (int t = 0; t < ticks; ++t) probes.push_back(heard[t * block + (37 * size_t(t)) % block]);
      array(out, "static const", named("probes"), probes);
    }
    out << "static const nr_model " << named("model") << " = {\"" << sheet.name << "\",&" << named("program") << "," << sheet.sample_rate
        << "," << lowered.macs << "," << sheet.knobs.size() << "," << (sheet.knobs.empty() ? "0" : named("knobs")) << "," << ticks << ","
        << named("loop") << "," << sum << "u," << (exact ? "0" : named("probes")) << "};\n\n";
  }

  static bool has_audio(const std::vector<nr_port>& list) {
    for (const nr_port& p : list)
      if (p.name == std::string("audio")) return true;
    return false;
  }

  int elements(const std::vector<nr_port>& list) const {
    int sum = 0;
    for (const nr_port& p : list)
      if (!is_noise(p)) sum += p.channels * p.frames;
    return sum;
  }

  void run() {
    out << "/* Generated by neurorave-export; export again rather than edit.\n";
    for (const std::string& note : sheet.notes) out << "   " << note << "\n";
    out << "*/\n#pragma once\n#include \"program.h\"\n#ifndef NR_WEIGHTS /* where weights live; const or not */\n#define NR_WEIGHTS "
        << (sheet.weights_writable ? "static" : "static const") << "\n#endif\n\n";
    tables();
    nodes();
    ports("inputs", lowered.inputs);
    ports("outputs", lowered.outputs);
    program();
    knobs();
    model();
    out << "/* For a player that knows one model. Sizes in elements a tick, but for the arena. */\n#define NR_MODEL " << named("model")
        << "\n#define NR_ARENA_BYTES " << lowered.arena_bytes() << "\n#define NR_INPUT_ELEMENTS " << elements(lowered.inputs)
        << "\n#define NR_OUTPUT_ELEMENTS " << elements(lowered.outputs) << "\n#define NR_N_INPUTS " << lowered.inputs.size() << "\n";
    if (has_audio(lowered.inputs)) out << "#define NR_HEARS_AUDIO\n";
    if (has_audio(lowered.outputs)) out << "#define NR_PLAYS_AUDIO\n";
  }
};

}  // namespace

void emit(const Lowered& lowered, const Sheet& sheet, std::ostream& out) { Emitter{lowered, sheet, out, {{nullptr, "0"}}}.run(); }

}  // namespace nr
