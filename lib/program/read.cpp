#include <cmath>
#include <deque>
#include <map>

#include "program/bytes.h"
#include "program/file.h"
#include "program/tables.h"
#include "program/use.h"

namespace nr {
namespace {

constexpr int kMostRate = 1 << 20;  // Hz
constexpr size_t kPortBytes = 24, kNodeBytes = 86, kLineBytes = 12, kControlBytes = 20,
                 kTableBytes = 5;  // at least, each

bool is_named(const nr_port& port, const char* name) { return port.name == std::string(name); }

}  // namespace

struct ProgramFile::Contents {
  ByteReader in;
  std::string where;
  nr_model model{};
  nr_program program{};
  std::deque<NumberTable> tables, loops;
  std::deque<std::string> names;
  std::vector<nr_port> inputs, outputs;
  std::vector<nr_node> nodes;
  std::vector<nr_line> lines;
  std::vector<nr_control> controls;
  std::vector<const void*> loop;
  std::vector<float> probes;

  Contents(std::string_view bytes, const std::string& where) : in(bytes, where), where(where) {}

  const char* name() { return names.emplace_back(in.text()).c_str(); }
  nr_rows rows() {
    const auto at = in.number<int32_t>(), pitch = in.number<int32_t>();
    return {at, pitch};
  }

  void read_tables() {
    for (uint32_t left = in.count(kTableBytes); left; --left) {
      const auto type = in.number<uint8_t>();
      const auto count = in.number<uint32_t>();
      switch (type) {
        case uint8_t(NumberType::kFloat32):
          tables.emplace_back(in.numbers<float>(count));
          break;
        case uint8_t(NumberType::kInt8):
          tables.emplace_back(in.numbers<int8_t>(count));
          break;
        case uint8_t(NumberType::kInt16):
          tables.emplace_back(in.numbers<int16_t>(count));
          break;
        case uint8_t(NumberType::kInt32):
          tables.emplace_back(in.numbers<int32_t>(count));
          break;
        default:
          fail(where, ": table ", tables.size(), " is of type ", int(type), ", expected 0 to 3");
      }
    }
  }

  const void* table() {
    const auto i = in.number<int32_t>();
    if (i == -1) return nullptr;
    if (i < 0 || size_t(i) >= tables.size()) fail(where, ": a node points to table ", i, " of ", tables.size());
    return std::visit([](const auto& t) { return static_cast<const void*>(t.data()); }, tables[i]);
  }

  std::vector<nr_port> ports() {
    std::vector<nr_port> out(in.count(kPortBytes));
    for (nr_port& p : out) {
      p.name = name(), p.channels = in.number<int32_t>(), p.frames = in.number<int32_t>();
      p.rows = rows(), p.scale = in.number<float>();
    }
    return out;
  }

  nr_node node() {
    nr_node n{};
    n.op = in.number<uint8_t>(), n.weight_bits = in.number<uint8_t>();
    if (n.op > NR_PULSES) fail(where, ": a node has operation ", int(n.op), ", which this reader does not know");
    n.rows = in.number<int32_t>(), n.channels = in.number<int32_t>();
    n.a = rows(), n.b = rows(), n.y = rows();
    for (int32_t* x : {&n.b_channels, &n.late_at, &n.late, &n.runs, &n.run, &n.run_step, &n.row_step})
      *x = in.number<int32_t>();
    n.weights = table(), n.bias = table();
    n.multiplier = static_cast<const int32_t*>(table()), n.table = static_cast<const int16_t*>(table());
    n.factor = in.number<int32_t>(), n.slope = in.number<float>();
    return n;
  }

  void read_program() {
    nr_program& p = program;
    p.graph_hash = in.number<uint64_t>();
    for (int32_t* x : {&p.precision, &p.hop, &p.latency, &p.arena}) *x = in.number<int32_t>();
    read_tables();
    inputs = ports(), outputs = ports();
    nodes.resize(in.count(kNodeBytes));
    for (nr_node& n : nodes) n = node();
    lines.resize(in.count(kLineBytes));
    for (nr_line& l : lines) l.at = in.number<int32_t>(), l.keep = in.number<int32_t>(), l.step = in.number<int32_t>();
    p.n_inputs = int(inputs.size()), p.n_outputs = int(outputs.size()), p.n_nodes = int(nodes.size()),
    p.n_lines = int(lines.size());
    p.inputs = inputs.data(), p.outputs = outputs.data(), p.nodes = nodes.data(), p.lines = lines.data();
    std::map<const void*, const NumberTable*> by_place;
    for (const NumberTable& t : tables) std::visit([&](const auto& values) { by_place[values.data()] = &t; }, t);
    check_program(p, where, [&](const TableUse& use) -> int64_t {
      const auto found = by_place.find(use.data);
      if (!use.data || found == by_place.end() || found->second->index() != size_t(use.type)) return 0;
      return std::visit([](const auto& values) { return int64_t(values.size()); }, *found->second);
    });
  }

  void read_controls() {
    controls.resize(in.count(kControlBytes));
    for (nr_control& c : controls) {
      c.name = name(), c.unit = name(), c.low = in.number<float>(), c.high = in.number<float>(),
      c.warp = in.number<int32_t>();
      if (!std::isfinite(c.low) || !std::isfinite(c.high))
        fail(where, ": control '", c.name, "' goes from ", c.low, " to ", c.high);
      if (c.warp < 0 || c.warp > 2) fail(where, ": control '", c.name, "' has warp ", c.warp, ", expected 0 to 2");
    }
    size_t channels = 0;  // that are described
    for (const nr_port& p : inputs)
      if (is_named(p, "controls")) channels += p.channels;
    for (const nr_port& p : outputs)
      if (is_named(p, "parameters")) channels += p.channels;
    if (channels != controls.size())
      fail(where, ": ", controls.size(), " controls are described, the program has ", channels);
  }

  void read_test() {
    const auto ticks = in.number<uint32_t>();
    if (ticks < 1 || ticks > INT32_MAX) fail(where, ": its test has ", ticks, " ticks, expected at least 1");
    for (const nr_port& p : inputs) {
      const size_t block = size_t(p.channels) * p.frames, size = size_t(ticks) * block;
      const bool given = in.number<uint8_t>() != 0;
      if (given == is_named(p, "noise"))
        fail(where, ": input '", p.name, given ? "' holds samples, expected none" : "' holds no samples");
      const void* data = nullptr;
      if (given && program.precision == NR_FLOAT32)
        data = std::get<0>(loops.emplace_back(in.numbers<float>(size))).data();
      if (given && program.precision != NR_FLOAT32)
        data = std::get<2>(loops.emplace_back(in.numbers<int16_t>(size))).data();
      loop.push_back(data);
    }
    model.n_loop = int(ticks), model.loop = loop.data(), model.checksum = in.number<uint32_t>();
    if (program.precision == NR_FLOAT32) probes = in.numbers<float>(ticks), model.probes = probes.data();
  }

  void read() {
    model.name = name(), model.sample_rate = in.number<int32_t>(), model.macs = in.number<int64_t>();
    if (model.sample_rate < 1 || model.sample_rate > kMostRate)
      fail(where, ": its rate is ", model.sample_rate, " Hz, expected 1 to ", kMostRate);
    if (model.macs < 0) fail(where, ": ", model.macs, " multiply-accumulates a tick, expected 0 or more");
    read_program(), read_controls(), read_test();
    in.end();
    model.program = &program, model.n_controls = int(controls.size()), model.controls = controls.data();
  }
};

ProgramFile::ProgramFile(std::string_view bytes, const std::string& where) {
  if (bytes.substr(0, 4) != kProgramMark) fail(where, ": is not a program file, which begins with ", kProgramMark);
  ByteReader head(bytes.substr(4, kProgramHead - 4), where);
  const auto version = head.number<uint32_t>(), length = head.number<uint32_t>(), sum = head.number<uint32_t>();
  if (version != kProgramVersion)
    fail(where, ": is a program file of version ", version, ", expected ", kProgramVersion, "; export the run again");
  const std::string_view rest = bytes.substr(kProgramHead);
  if (rest.size() != length)
    fail(where, ": is cut or grown: ", rest.size(), " bytes after the head, expected ", length);
  if (checksum_of(rest) != sum) fail(where, ": is damaged: its bytes do not give its checksum");
  contents_ = std::make_unique<Contents>(rest, where);
  contents_->read();
}

ProgramFile::~ProgramFile() = default;
ProgramFile::ProgramFile(ProgramFile&&) noexcept = default;
const nr_model& ProgramFile::model() const { return contents_->model; }

}  // namespace nr
