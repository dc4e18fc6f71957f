#include <algorithm>
#include <map>
#include <string>

#include "program/bytes.h"
#include "program/file.h"
#include "program/use.h"

namespace nr {
namespace {

struct Table {
  NumberType type;
  int64_t count;
  const void* data;
};

// Every table that a node reads, once, as long as the longest use of it.
struct Tables {
  std::vector<Table> list;
  std::map<const void*, int32_t> place;

  explicit Tables(const nr_program& p) {
    for (int i = 0; i < p.n_nodes; ++i)
      for (const TableUse& use : use_of(p, p.nodes[i]).tables) {
        const auto [at, added] = place.emplace(use.data, int32_t(list.size()));
        if (added) list.push_back({use.type, use.count, use.data});
        list[at->second].count = std::max(list[at->second].count, use.count);
      }
  }
  int32_t at(const void* data) const {  // -1: of no use to the node
    const auto found = place.find(data);
    return found == place.end() ? -1 : found->second;
  }
};

void put_numbers(NumberType type, const void* data, size_t count, ByteWriter& out) {
  switch (type) {
    case NumberType::kFloat32:
      return out.numbers(static_cast<const float*>(data), count);
    case NumberType::kInt8:
      return out.numbers(static_cast<const int8_t*>(data), count);
    case NumberType::kInt16:
      return out.numbers(static_cast<const int16_t*>(data), count);
    case NumberType::kInt32:
      return out.numbers(static_cast<const int32_t*>(data), count);
  }
}

void put(const nr_rows& r, ByteWriter& out) { out.number(r.at), out.number(r.pitch); }

void put(const nr_port& p, ByteWriter& out) {
  out.text(p.name), out.number(p.channels), out.number(p.frames), put(p.rows, out), out.number(p.scale);
}

void put(const nr_node& n, const Tables& tables, ByteWriter& out) {
  out.number(n.op), out.number(n.weight_bits), out.number(n.rows), out.number(n.channels);
  put(n.a, out), put(n.b, out), put(n.y, out);
  for (const int32_t x : {n.b_channels, n.late_at, n.late, n.runs, n.run, n.run_step, n.row_step}) out.number(x);
  for (const void* table :
       {n.weights, n.bias, static_cast<const void*>(n.multiplier), static_cast<const void*>(n.table)})
    out.number(tables.at(table));
  out.number(n.factor), out.number(n.slope);
}

void put(const nr_program& p, ByteWriter& out) {
  out.number(p.graph_hash);
  for (const int32_t x : {p.precision, p.hop, p.latency, p.arena}) out.number(x);
  const Tables tables(p);
  out.count(tables.list.size());
  for (const Table& t : tables.list)
    out.number(uint8_t(t.type)), out.count(t.count), put_numbers(t.type, t.data, t.count, out);
  out.count(p.n_inputs);
  for (int i = 0; i < p.n_inputs; ++i) put(p.inputs[i], out);
  out.count(p.n_outputs);
  for (int i = 0; i < p.n_outputs; ++i) put(p.outputs[i], out);
  out.count(p.n_nodes);
  for (int i = 0; i < p.n_nodes; ++i) put(p.nodes[i], tables, out);
  out.count(p.n_lines);
  for (int i = 0; i < p.n_lines; ++i)
    out.number(p.lines[i].at), out.number(p.lines[i].keep), out.number(p.lines[i].step);
}

}  // namespace

std::string program_bytes(const nr_model& m) {
  const nr_program& p = *m.program;
  check_program(p, m.name, [](const TableUse& t) { return t.data ? t.count : 0; });
  ByteWriter out;
  out.text(m.name), out.number(m.sample_rate), out.number(m.macs);
  put(p, out);
  out.count(m.n_controls);
  for (int i = 0; i < m.n_controls; ++i) {
    const nr_control& c = m.controls[i];
    out.text(c.name), out.text(c.unit), out.number(c.low), out.number(c.high), out.number(c.warp);
  }
  const NumberType type = p.precision == NR_FLOAT32 ? NumberType::kFloat32 : NumberType::kInt16;
  out.count(m.n_loop);
  for (int i = 0; i < p.n_inputs; ++i) {
    out.number(uint8_t(m.loop[i] != nullptr));
    if (m.loop[i]) put_numbers(type, m.loop[i], size_t(m.n_loop) * p.inputs[i].channels * p.inputs[i].frames, out);
  }
  out.number(m.checksum);
  if (p.precision == NR_FLOAT32) out.numbers(m.probes, m.n_loop);

  ByteWriter head;
  head.number(kProgramVersion), head.count(out.bytes().size()), head.number(checksum_of(out.bytes()));
  std::string file = kProgramMark + head.bytes() + out.bytes();
  ProgramFile(file, m.name);  // what is written can be read
  return file;
}

}  // namespace nr
