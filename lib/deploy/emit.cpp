#include "deploy/emit.h"

#include <cctype>
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
  const Shipment& shipment;
  const Lowered& lowered;
  std::ostream& out;
  std::map<const void*, std::string> symbol{{nullptr, "0"}};

  std::string named(const std::string& what) const { return shipment.name + "_" + what; }

  void tables() {
    int k = 0;
    for (const NumberTable& table : lowered.tables)
      std::visit(
          [&](const auto& values) {
            const std::string name = named("table" + std::to_string(k++));
            symbol[values.data()] = name;
            array(out, named("WEIGHTS"), name, values);
          },
          table);
  }

  void nodes() {
    out << "\n/* op, weight bits, rows, channels, a, b, y {at, pitch}, b channels, late at, late, runs, run, run step, "
           "row step, ... */\n";
    out << "static const nr_node " << named("nodes") << "[] = {\n";
    const auto rows = [](const nr_rows& r) { return text("{", r.at, ",", r.pitch, "}"); };
    for (size_t i = 0; i < lowered.nodes.size(); ++i) {
      const nr_node& n = lowered.nodes[i];
      out << "  {" << int(n.op) << "," << int(n.weight_bits) << "," << n.rows << "," << n.channels << "," << rows(n.a)
          << "," << rows(n.b) << "," << rows(n.y) << "," << n.b_channels << "," << n.late_at << "," << n.late << ","
          << n.runs << "," << n.run << "," << n.run_step << "," << n.row_step << "," << symbol.at(n.weights) << ","
          << symbol.at(n.bias) << "," << symbol.at(n.multiplier) << "," << symbol.at(n.table) << "," << n.factor << ","
          << number(n.slope) << "}, /* " << lowered.node_names[i] << " */\n";
    }
    out << "};\nstatic const nr_line " << named("lines") << "[] = {";
    for (const nr_line& l : lowered.lines) out << "{" << l.at << "," << l.keep << "," << l.step << "},";
    out << (lowered.lines.empty() ? "{0,0,0}" : "") << "};\n";
  }

  void ports(const std::string& what, const std::vector<nr_port>& list) {
    out << "static const nr_port " << named(what) << "[] = {";
    for (const nr_port& p : list)
      out << "{\"" << p.name << "\"," << p.channels << "," << p.frames << ",{" << p.rows.at << "," << p.rows.pitch
          << "}," << number(p.scale) << "},";
    out << "};\n";
  }

  void program() {
    const nr_program& p = lowered.program;
    out << "static const nr_program " << named("program") << " = {0x" << hex(p.graph_hash) << "ull," << p.precision
        << "," << p.hop << "," << p.latency << "," << p.arena << "," << p.n_inputs << "," << p.n_outputs << ","
        << p.n_nodes << "," << p.n_lines << "," << named("inputs") << "," << named("outputs") << "," << named("nodes")
        << "," << named("lines") << "};\n";
  }

  void controls() {
    if (shipment.controls.empty()) return;
    out << "static const nr_control " << named("controls") << "[] = {";
    for (const Control& c : shipment.controls)
      out << "{\"" << c.name << "\",\"" << c.unit << "\"," << number(float(c.low)) << "," << number(float(c.high))
          << "," << c.warp << "},";
    out << "};\n";
  }

  void model() {
    const TestVector& test = shipment.test;
    std::string loops;
    for (size_t i = 0; i < test.loop.size(); ++i)
      std::visit(
          [&](const auto& values) {
            const std::string name = named(std::string("loop_") + lowered.inputs[i].name);
            loops += (values.empty() ? "0" : name) + ",";
            if (!values.empty()) array(out, "static const", name, values);
          },
          test.loop[i]);
    out << "static const void* const " << named("loop") << "[] = {" << loops << "};\n";
    if (!test.probes.empty()) array(out, "static const", named("probes"), test.probes);
    out << "static const nr_model " << named("model") << " = {\"" << shipment.name << "\",&" << named("program") << ","
        << shipment.sample_rate << "," << lowered.macs << "," << shipment.controls.size() << ","
        << (shipment.controls.empty() ? "0" : named("controls")) << "," << test.ticks << "," << named("loop") << ","
        << test.checksum << "u," << (test.probes.empty() ? "0" : named("probes")) << "};\n\n";
  }

  static bool has_audio(const std::vector<nr_port>& list) {
    for (const nr_port& p : list)
      if (p.name == std::string("audio")) return true;
    return false;
  }

  int elements(const std::vector<nr_port>& list) const {
    size_t sum = 0;
    for (const nr_port& p : list)
      if (!is_noise(p)) sum += block_of(p);
    return int(sum);
  }

  // What a player needs to know when it is compiled, for each model, and by macros for the first model that is
  // included.
  void sizes() {
    const std::vector<std::pair<std::string, int>> list{{"arena_bytes", lowered.arena_bytes()},
                                                        {"input_elements", elements(lowered.inputs)},
                                                        {"output_elements", elements(lowered.outputs)},
                                                        {"n_inputs", int(lowered.inputs.size())},
                                                        {"sample_rate", shipment.sample_rate}};
    out << "/* Sizes in elements a tick, but for the arena; the rate in Hz. */\nenum {\n";
    for (const auto& [name, value] : list) out << "  " << named(name) << " = " << value << ",\n";
    out << "};\n\n/* For a player of one model: the first header that it includes. */\n#ifndef NR_MODEL\n#define "
           "NR_MODEL "
        << named("model") << "\n";
    for (const auto& item : list) {
      std::string macro = "NR_";
      for (const char c : item.first) macro += char(std::toupper(static_cast<unsigned char>(c)));
      out << "#define " << macro << " " << named(item.first) << "\n";
    }
    if (has_audio(lowered.inputs)) out << "#define NR_HEARS_AUDIO\n";
    if (has_audio(lowered.outputs)) out << "#define NR_PLAYS_AUDIO\n";
    out << "#endif\n";
  }

  void run() {
    out << "/* Generated by neurorave-export; export again rather than edit.\n";
    for (const std::string& note : shipment.notes) out << "   " << note << "\n";
    const std::string storage = named("WEIGHTS");
    out << "*/\n#pragma once\n#include \"program.h\"\n#ifdef NR_WEIGHTS /* where weights live; const or not "
           "*/\n#define "
        << storage << " NR_WEIGHTS\n#else\n#define " << storage
        << (shipment.weights_writable ? " static" : " static const") << "\n#endif\n\n";
    tables();
    nodes();
    ports("inputs", lowered.inputs);
    ports("outputs", lowered.outputs);
    program();
    controls();
    model();
    sizes();
  }
};

}  // namespace

void emit(const Shipment& shipment, std::ostream& out) {
  Emitter{shipment, shipment.program, out, {{nullptr, "0"}}}.run();
}

}  // namespace nr
