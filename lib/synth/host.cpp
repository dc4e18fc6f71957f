#include "synth/host.h"

#include <functional>

#include "base/table.h"
#include "synth/dssi.h"
#include "synth/hexter.h"
#include "synth/lv2.h"
#include "synth/render_process.h"
#include "synth/subtractive_fm.h"

namespace nr {
namespace {

struct SynthKind {
  std::string name;
  std::function<std::unique_ptr<SynthHost>()> make;
};

const Table<SynthKind>& synths() {
  static const Table<SynthKind> table = [] {
    Table<SynthKind> out{"synthesizer",
                         {{SubtractiveFm::kName, [] { return std::make_unique<SubtractiveFm>(); }},
                          {"amsynth", make_amsynth},
                          {"hexter", make_hexter}}};
    for (const Lv2Plugin& plugin : lv2_plugins().rows)
      out.rows.push_back({plugin.name, [&plugin] { return std::make_unique<Lv2Host>(plugin); }});
    return out;
  }();
  return table;
}

}  // namespace

std::unique_ptr<SynthHost> make_synth(const std::string& name) { return synths().at(name).make(); }
SynthParameters synth_parameters(const std::string& name) {
  if (name == SubtractiveFm::kName) return subtractive_fm_parameters();
  return RenderProcess([&] { return make_synth(name); }).parameters();  // of a plug-in: not in this process
}
std::vector<std::string> synth_names() { return synths().names(); }

}  // namespace nr
