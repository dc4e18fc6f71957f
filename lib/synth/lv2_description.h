// What the files of an LV2 plug-in say: its ports and its presets.
#pragma once
#include <lilv/lilv.h>

#include <filesystem>
#include <memory>

#include "synth/lv2.h"

namespace nr {

struct LilvFreed {
  void operator()(LilvWorld* world) const { lilv_world_free(world); }
  void operator()(LilvNode* node) const { lilv_node_free(node); }
  void operator()(LilvNodes* nodes) const { lilv_nodes_free(nodes); }
  void operator()(LilvState* state) const { lilv_state_free(state); }
  void operator()(LilvInstance* instance) const { lilv_instance_free(instance); }
};
template <class T>
using LilvOwned = std::unique_ptr<T, LilvFreed>;

// The decimal number of the fewest digits that is this float: 0.37, not 0.3700000048.
double decimal_of(float value);

struct Lv2Port {
  enum class Kind { kAudioIn, kAudioOut, kControl, kEventsIn, kEventsOut, kUnused };
  Kind kind = Kind::kUnused;
  bool midi = false;  // of kEventsIn: notes go there
  float initial = 0;  // of kControl
};

class Lv2Description {
 public:
  explicit Lv2Description(const Lv2Plugin& plugin);

  LilvOwned<LilvNode> uri(const std::string& text) const;
  // Of a preset: values of ports, or its state. Error when it cannot be read.
  LilvOwned<LilvState> state(const std::string& preset, LV2_URID_Map* map) const;
  std::string version() const;
  std::string library() const;  // its path

  Lv2Plugin row;
  LilvOwned<LilvWorld> world;
  const LilvPlugin* plugin = nullptr;
  std::vector<Lv2Port> ports;
  std::vector<std::string> presets;  // URIs
  SynthParameters parameters;
  std::vector<size_t> places;  // the port of each parameter; empty where the row says `states`

 private:
  void load(const std::filesystem::path& bundle);
  void read_port(const LilvPort* port);
  float add_parameter(const LilvPort* port);
  void add_states();
};

}  // namespace nr
