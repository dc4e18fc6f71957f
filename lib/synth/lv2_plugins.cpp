// The LV2 plug-ins that are known by name, and presets as files.
#include <algorithm>

#include "base/error.h"
#include "config/reader.h"
#include "synth/lv2.h"

namespace nr {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out + "\"";
}

// A decimal of Turtle: "3.0", where "3" would be an integer.
std::string decimal(double value) {
  const std::string out = config::print(value);
  return out.find_first_of(".e") == std::string::npos ? out + ".0" : out;
}

}  // namespace

const Table<Lv2Plugin>& lv2_plugins() {
  static const std::string mda = "http://drobilla.net/plugins/mda/";
  static const Table<Lv2Plugin> table{"LV2 plug-in", {
      {"jx10", "mda.lv2", mda + "JX10", "mda-lv2"},
      {"dx10", "mda.lv2", mda + "DX10", "mda-lv2"},
      {"synthv1", "synthv1.lv2", "http://synthv1.sourceforge.net/lv2", "synthv1-lv2", {}, false, true, "minimal"},
      {"calf_monosynth", "calf.lv2", "http://calf.sourceforge.net/plugins/Monosynth", "calf-plugins"},
      {"zynaddsubfx",
       "ZynAddSubFX.lv2",
       "http://zynaddsubfx.sourceforge.net",
       "zynaddsubfx-lv2",
       {"ZynAddSubFX.lv2presets"},
       true},
  }};
  return table;
}

Lv2Preset lv2_preset(const Lv2Plugin& plugin, const std::vector<double>& values, const std::string& name,
                     const SynthParameters& parameters) {
  if (plugin.states) fail(plugin.name, ": its presets are states, which are not made of parameters");
  const std::string prefixes =
      "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
      "@prefix pset: <http://lv2plug.in/ns/ext/presets#> .\n"
      "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\n";
  const std::string applies = "\n\ta pset:Preset ;\n\tlv2:appliesTo <" + plugin.uri + "> ;\n\trdfs:";
  Lv2Preset out{prefixes + "<preset.ttl>" + applies + "seeAlso <preset.ttl> .\n",
                prefixes + "<>" + applies + "label " + quoted(name)};
  for (size_t i = 0; i < parameters.size(); ++i)
    out.preset += text(i ? " ,\n\t\t" : " ;\n\tlv2:port ", "[ lv2:symbol \"", parameters[i].name, "\" ; pset:value ",
                       decimal(values.at(i)), " ]");
  out.preset += " .\n";
  return out;
}

}  // namespace nr
