#include "synth/lv2.h"

#include <dlfcn.h>
#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>
#include <lv2/midi/midi.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include "base/error.h"
#include "synth/lv2_description.h"
#include "synth/lv2_features.h"

namespace nr {
namespace {

constexpr uint32_t kBlock = 512;           // samples a call
constexpr int64_t kSettling = 8;           // blocks of silence before a note, where a plug-in has threads
constexpr uint32_t kEventBytes = 1 << 16;  // of a port's events in a block

// The events of one port in one block: a plug-in reads or writes them in place.
class Events {
 public:
  Events() : bytes_((sizeof(LV2_Atom) + kEventBytes) / 8) {}

  LV2_Atom_Sequence* sequence() { return reinterpret_cast<LV2_Atom_Sequence*>(bytes_.data()); }
  void clear(LV2_URID type) { sequence()->atom = {sizeof(LV2_Atom_Sequence_Body), type}, sequence()->body = {0, 0}; }
  void offer_room(LV2_URID type) { sequence()->atom = {kEventBytes, type}; }
  void add(uint32_t frame, LV2_URID type, const std::array<uint8_t, 3>& message) {
    struct {
      LV2_Atom_Event event;
      std::array<uint8_t, 3> message;
    } note{};
    note.event.time.frames = frame, note.event.body = {3, type}, note.message = message;
    lv2_atom_sequence_append_event(sequence(), kEventBytes, &note.event);
  }

 private:
  std::vector<uint64_t> bytes_;
};

// What an instance's ports are connected to.
struct Connections {
  std::vector<float> silence = std::vector<float>(kBlock);
  std::map<uint32_t, std::vector<float>> outputs;  // by port
  std::map<uint32_t, Events> events;

  void* memory_of(Lv2Port::Kind kind, uint32_t port, float& control) {
    switch (kind) {
      case Lv2Port::Kind::kAudioIn:
        return silence.data();
      case Lv2Port::Kind::kAudioOut:
        return outputs.emplace(port, kBlock).first->second.data();
      case Lv2Port::Kind::kControl:
        return &control;
      case Lv2Port::Kind::kEventsIn:
      case Lv2Port::Kind::kEventsOut:
        return events[port].sequence();
      case Lv2Port::Kind::kUnused:
        break;
    }
    return nullptr;
  }
};

// Until every other thread of this process sleeps. One that never does costs the note, by its RenderProcess's limit.
void wait_for_threads() {
  const auto works = [](const std::filesystem::path& thread) {
    if (thread.filename() == std::to_string(gettid())) return false;
    std::string status;
    std::getline(std::ifstream(thread / "stat"), status);  // "17 (name) S ..."
    const size_t name = status.rfind(')');
    return name != std::string::npos && status.compare(name, 3, ") S") != 0;
  };
  for (bool busy = true; busy;) {
    busy = false;
    for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task"))
      busy = busy || works(thread.path());
    if (busy) std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
}

struct PortValues {
  const SynthParameters& parameters;
  UriNumbers& numbers;
  std::vector<double> values;
};

// One of a preset's port values. A port that is no parameter is passed over.
void take_port_value(const char* symbol, void* into, const void* value, uint32_t, uint32_t type) {
  auto& out = *static_cast<PortValues*>(into);
  double given = 0;
  if (type == out.numbers.of(LV2_ATOM__Float)) given = decimal_of(*static_cast<const float*>(value));
  else if (type == out.numbers.of(LV2_ATOM__Double)) given = *static_cast<const double*>(value);
  else if (type == out.numbers.of(LV2_ATOM__Int) || type == out.numbers.of(LV2_ATOM__Bool))
    given = *static_cast<const int32_t*>(value);
  else return;
  for (size_t i = 0; i < out.parameters.size(); ++i) {
    const SynthParameter& p = out.parameters[i];
    if (p.name != symbol) continue;
    out.values[i] = p.levels() ? p.value_of_level(p.level(given)) : std::clamp(given, p.low, p.high);
  }
}

}  // namespace

struct Lv2Host::State {
  Lv2Description described;
  UriNumbers numbers;

  explicit State(const Lv2Plugin& plugin) : described(plugin) {
    if (!plugin.platform.empty()) setenv("QT_QPA_PLATFORM", plugin.platform.c_str(), 1);
    const Lv2Features offered(numbers, 44100, kBlock);
    const LilvOwned<LilvNodes> required(lilv_plugin_get_required_features(described.plugin));
    LILV_FOREACH (nodes, i, required.get()) {
      const std::string feature = lilv_node_as_uri(lilv_nodes_get(required.get(), i));
      if (!offered.offers(feature)) fail(plugin.name, ": needs ", feature, ", which this host does not offer");
    }
  }
};

Lv2Host::Lv2Host(const Lv2Plugin& plugin) : state_(new State(plugin)) {}
Lv2Host::~Lv2Host() = default;
const SynthParameters& Lv2Host::parameters() const { return state_->described.parameters; }
std::string Lv2Host::version() const { return state_->described.version(); }

std::vector<std::vector<double>> Lv2Host::shipped() const {
  const Lv2Description& d = state_->described;
  std::vector<std::vector<double>> out;
  std::set<std::vector<double>> different;
  for (size_t i = 0; i < d.presets.size(); ++i) {
    PortValues found{d.parameters, state_->numbers, {double(i)}};
    if (!d.row.states) {
      found.values = initial_values(d.parameters);
      lilv_state_emit_port_values(d.state(d.presets[i], state_->numbers.map()).get(), take_port_value, &found);
    }
    if (different.insert(found.values).second) out.push_back(std::move(found.values));
  }
  return out;
}

std::vector<float> Lv2Host::play(const std::vector<double>& values, const SynthNote& note, uint64_t) {
  const Lv2Description& d = state_->described;
  UriNumbers& numbers = state_->numbers;
  // Plug-ins read memory that they never set (JX10 does). In blocks above 1 kB, which glibc does not keep aside, they
  // find zeros, the complement of these bits, so that a note does not depend on what was played before.
  mallopt(M_PERTURB, 0xff);
  // It stays loaded, so that a worker's children need not load it again.
  if (!dlopen(d.library().c_str(), RTLD_NOW | RTLD_LOCAL))
    fail(d.library(), ": cannot be loaded (", dlerror(), ")");
  Lv2Features features(numbers, note.sample_rate, kBlock);
  const LilvOwned<LilvInstance> instance(lilv_plugin_instantiate(d.plugin, note.sample_rate, features.list()));
  if (!instance) fail(d.row.name, ": no instance at ", note.sample_rate, " Hz");
  features.attach(lilv_instance_get_handle(instance.get()),
                  static_cast<const LV2_Worker_Interface*>(
                      lilv_instance_get_extension_data(instance.get(), LV2_WORKER__interface)));

  std::vector<float> controls;
  for (const Lv2Port& port : d.ports) controls.push_back(port.initial);
  for (size_t i = 0; i < d.places.size(); ++i) controls[d.places[i]] = float(values.at(i));
  Connections to;
  for (uint32_t i = 0; i < d.ports.size(); ++i)
    lilv_instance_connect_port(instance.get(), i, to.memory_of(d.ports[i].kind, i, controls[i]));
  if (d.row.states) {
    const auto preset = d.state(d.presets.at(size_t(d.parameters[0].level(values.at(0)))), numbers.map());
    lilv_state_restore(preset.get(), instance.get(), nullptr, nullptr, 0, features.list());
  }
  lilv_instance_activate(instance.get());

  const auto samples = int64_t(std::llround(note.seconds * note.sample_rate));
  const auto off = int64_t(std::llround(note.held * note.sample_rate));
  const LV2_URID sequence = numbers.of(LV2_ATOM__Sequence), chunk = numbers.of(LV2_ATOM__Chunk),
                 midi = numbers.of(LV2_MIDI__MidiEvent);
  std::vector<float> out;
  for (int64_t at = d.row.threads ? -kSettling * kBlock : 0; at < samples; at += kBlock) {
    const auto count = uint32_t(std::min<int64_t>(kBlock, samples - at));
    for (auto& [port, events] : to.events) {
      if (d.ports[port].kind == Lv2Port::Kind::kEventsOut) events.offer_room(chunk);
      else events.clear(sequence);
      if (!d.ports[port].midi) continue;
      const auto key = uint8_t(note.key);
      if (at == 0) events.add(0, midi, {0x90, key, uint8_t(note.velocity)});
      if (off >= at && off < at + count) events.add(uint32_t(off - at), midi, {0x80, key, 0});
    }
    lilv_instance_run(instance.get(), count);
    features.respond();
    if (at < 0) wait_for_threads();
    for (uint32_t i = 0; at >= 0 && i < count; ++i) {
      float sum = 0;
      for (const auto& [port, channel] : to.outputs) sum += channel[i];
      out.push_back(sum / float(to.outputs.size()));
    }
  }
  lilv_instance_deactivate(instance.get());
  return out;
}

}  // namespace nr
