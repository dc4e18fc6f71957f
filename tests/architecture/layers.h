// The layers of lib/README.md as data: who may include whom, and what only one layer or one file may include.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace nr {

struct Layer {
  std::string name, folder;
  std::vector<std::string> may_include;  // other layers; all are earlier rows, so that nothing runs in a circle
  bool torch = false;                    // below the torch wall
};

inline const std::vector<Layer>& layers() {
  static const std::vector<Layer> rows{
      {"runtime", "export/runtime/", {}},
      {"emulated", "export/emulated/", {"runtime"}},
      {"daisy", "export/daisy/", {"runtime"}},
      {"base", "lib/base/", {}},
      {"config", "lib/config/", {"base"}},
      {"audio", "lib/audio/", {"base"}},
      {"dsp", "lib/dsp/", {"base"}},
      {"program", "lib/program/", {"base", "runtime"}},
      {"engine", "lib/engine/", {"dsp", "runtime"}},
      {"player", "export/player/", {"runtime", "engine"}},
      {"plugin", "export/plugin/", {"runtime", "player"}},
      {"pd", "export/pd/", {"runtime", "player"}},
      {"web", "export/web/", {"runtime", "player"}},
      {"report", "lib/report/", {"base"}},
      {"graph", "lib/graph/", {"base", "runtime"}},
      {"descriptors", "lib/descriptors/", {"base", "config", "audio", "dsp"}},
      {"midi", "lib/midi/", {"base", "config", "descriptors"}},
      {"synth", "lib/synth/", {"base", "config", "audio", "dsp"}},
      {"effects", "lib/effects/", {"base", "config", "audio", "dsp", "synth", "descriptors"}},
      {"models", "lib/models/", {"base", "config", "dsp", "graph"}},
      {"run", "lib/run/", {"base", "config", "descriptors", "models", "effects"}},
      {"nn", "lib/nn/", {"base", "config", "dsp", "descriptors", "synth", "graph", "models", "run", "runtime"}, true},
      {"data", "lib/data/", {"base", "config", "dsp", "audio", "descriptors", "synth", "effects", "run"}, true},
      {"losses", "lib/losses/", {"base", "config", "dsp", "descriptors", "graph", "models", "run", "nn"}, true},
      {"systems",
       "lib/systems/",
       {"base", "config", "dsp", "descriptors", "synth", "effects", "graph", "models", "run", "runtime", "nn", "data",
        "losses"},
       true},
      {"training",
       "lib/training/",
       {"base", "config", "dsp", "audio", "descriptors", "report", "graph", "models", "run", "nn", "data", "losses",
        "systems"},
       true},
      {"evaluation",
       "lib/evaluation/",
       {"base", "config", "dsp", "audio", "descriptors", "midi", "synth", "effects", "report", "graph", "models", "run",
        "nn", "data", "losses", "systems"},
       true},
      // The exporter calibrates and measures its stream on recordings, hence data and descriptors; systems: of
      // synthesizer inference; daisy: the rates that it plays at.
      {"deploy",
       "lib/deploy/",
       {"base", "config", "audio", "descriptors", "graph", "models", "run", "runtime", "daisy", "program", "engine",
        "nn", "data", "systems"},
       true},
      {"generation",
       "lib/generation/",
       {"base", "config", "audio", "descriptors", "midi", "synth", "program", "engine", "graph", "models", "run",
        "runtime", "player", "nn", "data", "losses", "systems", "deploy"},
       true},
      {"study", "lib/study/", {"base", "config", "report", "run", "data", "systems", "training", "evaluation"}, true},
      {"apps",
       "apps/",
       {"base", "config", "models", "synth", "effects", "data", "systems", "training", "evaluation", "deploy",
        "generation", "study"}},
  };
  return rows;
}

// What a freestanding compiler brings, and the four functions of <string.h> that it may call itself.
inline const std::vector<std::string>& freestanding() {
  static const std::vector<std::string> headers{"stdint.h", "stddef.h", "string.h",
                                                "limits.h", "float.h",  "arm_acle.h"};
  return headers;
}

// Each library behind one file: a prefix of what is included, and a prefix of the paths that may. Of a folder one file
// may, else those of that name. Apps may include CLI11 as well as the file that makes its options.
inline const std::vector<std::pair<std::string, std::string>>& kept_behind() {
  static const std::vector<std::pair<std::string, std::string>> rows{
      {"spdlog/", "lib/base/log.cpp"},
      {"yaml-cpp/", "lib/config/value.cpp"},
      {"sndfile", "lib/audio/"},
      {"soxr", "lib/audio/"},
      {"lame/", "lib/effects/mp3.cpp"},
      {"mpg123", "lib/effects/mp3.cpp"},
      {"kiss_fft", "lib/dsp/fft.cpp"},
      {"kissfft/", "lib/dsp/fft.cpp"},
      {"fluidsynth", "lib/synth/"},
      {"dssi", "lib/synth/dssi.cpp"},
      {"lilv/", "lib/synth/lv2"},
      {"lv2/", "lib/synth/lv2"},
      {"lmdb", "lib/data/"},
      {"CLI/", "lib/config/command_line.h"},
      {"fmt/", "nowhere"},
  };
  return rows;
}

// Names that say nothing, and so collect everything.
inline const std::vector<std::string>& forbidden_names() {
  static const std::vector<std::string> names{"util",   "utils", "helper", "helpers",
                                              "common", "misc",  "core",   "manager"};
  return names;
}

}  // namespace nr
