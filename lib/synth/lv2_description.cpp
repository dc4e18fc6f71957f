#include "synth/lv2_description.h"

#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/midi/midi.h>
#include <lv2/port-props/port-props.h>
#include <lv2/presets/presets.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>

#include "base/error.h"
#include "base/names.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

fs::path found_bundle(const Lv2Plugin& plugin, const std::string& bundle) {
  const char* path = std::getenv("LV2_PATH");
  std::istringstream folders(path && *path ? path : "/usr/lib/lv2:/usr/local/lib/lv2");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (fs::exists(fs::path(folder) / bundle / "manifest.ttl")) return fs::path(folder) / bundle;
  fail(plugin.name, ": ", bundle, " is not in ", folders.str(), " (apt-get install ", plugin.package, ")");
}

// "12dB/oct Lowpass" -> "12dB_oct_Lowpass": presets' files and cells of tables hold such names.
std::string plain(const std::string& label) {
  std::string out;
  for (const char c : label) {
    const bool kept = std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.';
    if (kept) out += c;
    else if (!out.empty() && out.back() != '_') out += '_';
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out;
}

// A choice of these; of equal names, the later ones get a number.
void make_choice(SynthParameter& p, const std::vector<std::string>& labels) {
  p.kind = SynthParameter::Kind::kChoice, p.low = 0, p.high = double(labels.size()) - 1;
  std::map<std::string, int> seen;
  for (const std::string& label : labels) {
    const std::string name = plain(label);
    const int times = ++seen[name];
    p.choices.push_back(times > 1 || name.empty() ? text(name, "_", times) : name);
  }
}

double number_of(const LilvNode* node) { return node ? decimal_of(lilv_node_as_float(node)) : NAN; }

// The names of the values 0, 1, ... of a port; none where other values have names.
std::vector<std::string> labels_of(const LilvPlugin* plugin, const LilvPort* port) {
  std::map<double, std::string> named;
  LilvScalePoints* points = lilv_port_get_scale_points(plugin, port);
  LILV_FOREACH (scale_points, i, points) {
    const LilvScalePoint* point = lilv_scale_points_get(points, i);
    named[number_of(lilv_scale_point_get_value(point))] = lilv_node_as_string(lilv_scale_point_get_label(point));
  }
  lilv_scale_points_free(points);
  std::vector<std::string> out;
  for (const auto& [value, label] : named) {
    if (value != double(out.size())) return {};
    out.push_back(label);
  }
  return out;
}

}  // namespace

double decimal_of(float value) {
  char out[32];
  for (int digits = 6; digits <= 9; ++digits) {
    std::snprintf(out, sizeof out, "%.*g", digits, double(value));
    if (std::strtof(out, nullptr) == value) break;
  }
  return std::strtod(out, nullptr);
}

Lv2Description::Lv2Description(const Lv2Plugin& given) : row(given), world(lilv_world_new()) {
  load(found_bundle(row, row.bundle));
  for (const std::string& bundle : row.presets) load(found_bundle(row, bundle));
  plugin = lilv_plugins_get_by_uri(lilv_world_get_all_plugins(world.get()), uri(row.uri).get());
  if (!plugin) fail(row.bundle, ": holds no plug-in ", row.uri);
  const LilvOwned<LilvNodes> related(lilv_plugin_get_related(plugin, uri(LV2_PRESETS__Preset).get()));
  LILV_FOREACH (nodes, i, related.get()) presets.push_back(lilv_node_as_uri(lilv_nodes_get(related.get(), i)));
  std::sort(presets.begin(), presets.end());
  for (uint32_t i = 0; i < lilv_plugin_get_num_ports(plugin); ++i) read_port(lilv_plugin_get_port_by_index(plugin, i));
  if (std::none_of(ports.begin(), ports.end(), [](const Lv2Port& p) { return p.kind == Lv2Port::Kind::kAudioOut; }))
    fail(row.bundle, ": ", row.uri, " has no audio output");
  if (std::none_of(ports.begin(), ports.end(), [](const Lv2Port& p) { return p.midi; }))
    fail(row.bundle, ": ", row.uri, " has no input for notes");
  if (row.states) add_states();
}

LilvOwned<LilvNode> Lv2Description::uri(const std::string& text) const {
  return LilvOwned<LilvNode>(lilv_new_uri(world.get(), text.c_str()));
}

void Lv2Description::load(const fs::path& bundle) {
  const LilvOwned<LilvNode> folder(lilv_new_file_uri(world.get(), nullptr, (bundle / "").c_str()));
  lilv_world_load_bundle(world.get(), folder.get());
}

void Lv2Description::read_port(const LilvPort* port) {
  using Kind = Lv2Port::Kind;
  const auto is = [&](const char* what) { return lilv_port_is_a(plugin, port, uri(what).get()); };
  const bool input = is(LV2_CORE__InputPort);
  Lv2Port out;
  if (is(LV2_CORE__AudioPort)) out.kind = input ? Kind::kAudioIn : Kind::kAudioOut;
  if (is(LV2_ATOM__AtomPort)) out.kind = input ? Kind::kEventsIn : Kind::kEventsOut;
  if (is(LV2_CORE__ControlPort)) out.kind = Kind::kControl;
  out.midi = out.kind == Kind::kEventsIn && lilv_port_supports_event(plugin, port, uri(LV2_MIDI__MidiEvent).get());
  if (out.kind == Kind::kControl && input) {
    out.initial = add_parameter(port);
    places.push_back(ports.size());
  }
  ports.push_back(out);
}

float Lv2Description::add_parameter(const LilvPort* port) {
  const auto has = [&](const char* property) { return lilv_port_has_property(plugin, port, uri(property).get()); };
  LilvNode *initial = nullptr, *low = nullptr, *high = nullptr;
  lilv_port_get_range(plugin, port, &initial, &low, &high);
  const LilvOwned<LilvNode> freed[] = {LilvOwned<LilvNode>(initial), LilvOwned<LilvNode>(low),
                                       LilvOwned<LilvNode>(high)};
  SynthParameter p;
  p.name = lilv_node_as_string(lilv_port_get_symbol(plugin, port));
  p.low = number_of(low), p.high = number_of(high);
  if (!(p.low < p.high)) fail(row.bundle, ": port '", p.name, "' has no range");
  p.initial = initial ? std::clamp(number_of(initial), p.low, p.high) : p.low;
  const auto labels = has(LV2_CORE__enumeration) ? labels_of(plugin, port) : std::vector<std::string>{};
  if (has(LV2_CORE__toggled)) make_choice(p, {"off", "on"});
  else if (p.low == 0 && p.high + 1 == double(labels.size())) make_choice(p, labels);
  else if (has(LV2_CORE__integer)) p.kind = SynthParameter::Kind::kInteger;
  else if (has(LV2_PORT_PROPS__logarithmic) && p.low > 0) p.law = SynthParameter::Law::kLogarithmic;
  if (p.levels()) p.initial = std::round(p.initial);
  parameters.push_back(p);
  return float(p.initial);
}

void Lv2Description::add_states() {
  std::vector<std::string> labels;
  const auto label = uri("http://www.w3.org/2000/01/rdf-schema#label");
  for (const std::string& preset : presets) {
    const LilvOwned<LilvNode> found(lilv_world_get(world.get(), uri(preset).get(), label.get(), nullptr));
    labels.push_back(found ? lilv_node_as_string(found.get()) : "");
  }
  if (labels.size() < 2) fail(row.name, ": ", labels.size(), " presets were found, expected 2 or more");
  SynthParameter p;
  p.name = "preset";
  make_choice(p, labels);
  parameters = {p}, places.clear();
}

LilvOwned<LilvState> Lv2Description::state(const std::string& preset, LV2_URID_Map* map) const {
  const auto node = uri(preset);
  lilv_world_load_resource(world.get(), node.get());
  LilvOwned<LilvState> out(lilv_state_new_from_world(world.get(), map, node.get()));
  if (!out) fail(row.name, ": the preset ", preset, " cannot be read");
  return out;
}

std::string Lv2Description::library() const {
  char* path = lilv_file_uri_parse(lilv_node_as_uri(lilv_plugin_get_library_uri(plugin)), nullptr);
  const std::string out = path ? path : "";
  lilv_free(path);
  return out;
}

std::string Lv2Description::version() const {
  std::string out;
  for (const char* part : {LV2_CORE__minorVersion, LV2_CORE__microVersion}) {
    const LilvOwned<LilvNodes> found(lilv_plugin_get_value(plugin, uri(part).get()));
    out += text(found ? lilv_node_as_int(lilv_nodes_get_first(found.get())) : 0, out.empty() ? "." : ", ");
  }
  return text(out, fs::file_size(library()), " bytes");
}

}  // namespace nr
