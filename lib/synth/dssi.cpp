#include "synth/dssi.h"

#include <dlfcn.h>
#include <dssi.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>

#include "base/error.h"
#include "base/files.h"
#include "base/names.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

constexpr unsigned long kBlock = 512;  // samples a call

std::string found_library(const DssiPlugin& plugin) {
  const char* path = std::getenv("DSSI_PATH");
  std::istringstream folders(path && *path ? path : "/usr/lib/dssi:/usr/local/lib/dssi");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (fs::exists(fs::path(folder) / plugin.library)) return fs::path(folder) / plugin.library;
  fail(plugin.name, ": ", plugin.library, " is not in ", folders.str(), " (apt-get install ", plugin.package, ")");
}

// What a hint says of a port's default (ladspa.h, LADSPA_HINT_DEFAULT_MASK).
double default_of(LADSPA_PortRangeHintDescriptor hint, double low, double high) {
  switch (hint & LADSPA_HINT_DEFAULT_MASK) {
    case LADSPA_HINT_DEFAULT_MINIMUM:
      return low;
    case LADSPA_HINT_DEFAULT_LOW:
      return 0.75 * low + 0.25 * high;
    case LADSPA_HINT_DEFAULT_MIDDLE:
      return 0.5 * (low + high);
    case LADSPA_HINT_DEFAULT_HIGH:
      return 0.25 * low + 0.75 * high;
    case LADSPA_HINT_DEFAULT_MAXIMUM:
      return high;
    case LADSPA_HINT_DEFAULT_1:
      return 1;
    case LADSPA_HINT_DEFAULT_100:
      return 100;
    case LADSPA_HINT_DEFAULT_440:
      return 440;
    default:
      return std::clamp(0.0, low, high);
  }
}

snd_seq_event_t note_event(bool on, const SynthNote& note, unsigned long tick) {
  snd_seq_event_t event{};
  event.type = on ? SND_SEQ_EVENT_NOTEON : SND_SEQ_EVENT_NOTEOFF;
  event.data.note.note = static_cast<unsigned char>(note.key);
  event.data.note.velocity = static_cast<unsigned char>(on ? note.velocity : 0);
  event.time.tick = snd_seq_tick_time_t(tick);
  return event;
}

}  // namespace

struct DssiHost::State {
  DssiPlugin plugin;
  std::string file;
  void* library = nullptr;
  const DSSI_Descriptor* dssi = nullptr;
  SynthParameters parameters;
  std::vector<unsigned long> ports;          // of the parameters
  std::vector<unsigned long> outputs, rest;  // audio outputs; control outputs and audio inputs

  ~State() {
    if (library) dlclose(library);
  }

  void load() {
    library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) fail(file, ": cannot be loaded (", dlerror(), ")");
    const auto describe = reinterpret_cast<DSSI_Descriptor_Function>(dlsym(library, "dssi_descriptor"));
    for (unsigned long i = 0; describe && (dssi = describe(i)) != nullptr; ++i)
      if (plugin.label == dssi->LADSPA_Plugin->Label) break;
    if (!dssi || !dssi->run_synth) fail(file, ": holds no plug-in '", plugin.label, "' that plays notes");
  }

  void read_ports() {
    const LADSPA_Descriptor& ladspa = *dssi->LADSPA_Plugin;
    for (unsigned long port = 0; port < ladspa.PortCount; ++port) {
      const LADSPA_PortDescriptor kind = ladspa.PortDescriptors[port];
      const bool audio = LADSPA_IS_PORT_AUDIO(kind), input = LADSPA_IS_PORT_INPUT(kind);
      if (audio || !input) {
        (audio && !input ? outputs : rest).push_back(port);
        continue;
      }
      const LADSPA_PortRangeHint& hint = ladspa.PortRangeHints[port];
      SynthParameter p;
      p.name = ladspa.PortNames[port];
      p.low = hint.LowerBound, p.high = hint.UpperBound;
      if (!LADSPA_IS_HINT_BOUNDED_BELOW(hint.HintDescriptor) || !LADSPA_IS_HINT_BOUNDED_ABOVE(hint.HintDescriptor))
        fail(file, ": port '", p.name, "' has no range");
      p.initial = default_of(hint.HintDescriptor, p.low, p.high);
      if (contains(plugin.choices, p.name)) {
        p.kind = SynthParameter::Kind::kChoice;
        for (int level = 0; level < p.levels(); ++level) p.choices.push_back(text(p.value_of_level(level)));
      } else if (LADSPA_IS_HINT_INTEGER(hint.HintDescriptor) || contains(plugin.whole, p.name)) {
        p.kind = SynthParameter::Kind::kInteger;
      }
      if (p.levels()) p.initial = std::round(p.initial);
      parameters.push_back(p), ports.push_back(port);
    }
    if (outputs.empty()) fail(file, ": has no audio output");
  }
};

DssiHost::DssiHost(const DssiPlugin& plugin) : state_(new State) {
  state_->plugin = plugin, state_->file = found_library(plugin);
  state_->load();
  state_->read_ports();
}

DssiHost::~DssiHost() = default;
const SynthParameters& DssiHost::parameters() const { return state_->parameters; }
std::string DssiHost::version() const { return text(fs::file_size(state_->file), " bytes"); }

std::vector<float> DssiHost::play(const std::vector<double>& values, const SynthNote& note, uint64_t) {
  return play_configured(values, note, nullptr, "");
}

std::vector<float> DssiHost::play_configured(const std::vector<double>& values, const SynthNote& note, const char* key,
                                             const std::string& value) const {
  const LADSPA_Descriptor& ladspa = *state_->dssi->LADSPA_Plugin;
  std::vector<LADSPA_Data> controls(values.begin(), values.end());
  std::vector<std::vector<LADSPA_Data>> audio(state_->outputs.size(), std::vector<LADSPA_Data>(kBlock));
  std::vector<LADSPA_Data> unused(kBlock);
  const LADSPA_Handle handle = ladspa.instantiate(&ladspa, static_cast<unsigned long>(note.sample_rate));
  if (!handle) fail(state_->plugin.name, ": no instance at ", note.sample_rate, " Hz");
  for (size_t i = 0; i < state_->ports.size(); ++i) ladspa.connect_port(handle, state_->ports[i], &controls[i]);
  for (size_t i = 0; i < audio.size(); ++i) ladspa.connect_port(handle, state_->outputs[i], audio[i].data());
  for (const unsigned long port : state_->rest) ladspa.connect_port(handle, port, unused.data());
  if (ladspa.activate) ladspa.activate(handle);
  if (char* refused = key && state_->dssi->configure ? state_->dssi->configure(handle, key, value.c_str()) : nullptr) {
    const std::string why = refused;
    std::free(refused);
    fail(state_->plugin.name, ": ", key, " is refused: ", why);
  }

  const auto samples = static_cast<unsigned long>(std::llround(note.seconds * note.sample_rate));
  const auto off = static_cast<unsigned long>(std::llround(note.held * note.sample_rate));
  std::vector<float> out;
  for (unsigned long at = 0; at < samples; at += kBlock) {
    const unsigned long count = std::min(kBlock, samples - at);
    std::vector<snd_seq_event_t> events;
    if (at == 0) events.push_back(note_event(true, note, 0));
    if (off >= at && off < at + count) events.push_back(note_event(false, note, off - at));
    state_->dssi->run_synth(handle, count, events.data(), events.size());
    for (unsigned long i = 0; i < count; ++i) {
      float sum = 0;
      for (const auto& channel : audio) sum += channel[i];
      out.push_back(sum / float(audio.size()));
    }
  }
  if (ladspa.deactivate) ladspa.deactivate(handle);
  if (ladspa.cleanup) ladspa.cleanup(handle);
  return out;
}

std::vector<std::vector<double>> presets_of_banks(
    const std::string& folder, const std::string& extension,
    const std::function<std::vector<std::vector<double>>(const std::string&, const std::string&)>& parse) {
  std::vector<fs::path> files;
  if (fs::is_directory(folder))
    for (const auto& entry : fs::directory_iterator(folder))
      if (extension.empty() || entry.path().extension() == extension) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<std::vector<double>> out;
  std::set<std::vector<double>> different;
  for (const fs::path& file : files)
    for (auto& values : parse(read_file(file), file.string()))
      if (different.insert(values).second) out.push_back(std::move(values));
  return out;
}

}  // namespace nr
