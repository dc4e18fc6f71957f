// Where the recordings are and how they are cut.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "config/checks.h"
#include "run/names.h"

namespace nr {

struct DataConfig {
  std::vector<std::string> inputs;   // folders (searched recursively), audio files, manifest.csv files with a `path`
                                     // column; or patterns of them
  std::vector<std::string> exclude;  // patterns of names relative to their input, left out: "*/noise/*"
  std::string cache = "cache";      // folder of the prepared data (LMDB)
  int sample_rate = 16000;          // Hz; recordings of another rate are resampled
  int segment = 32768;              // samples of one training crop; a multiple of the model's hop
  double validation = 0.1;          // shares of the files, by hash of the name: stable when files are added
  double test = 0.1;
  std::string group;  // a label (a manifest column, `folder`, `speaker`) whose equal values never cross splits; empty:
                      // each file is its own group
  std::string stratify;  // a label each of whose values is in every split; empty: the shares hold of the whole
  std::string balance;              // a label whose values training draws equally often; empty: as often as they sound
  std::map<std::string, double> augment{{"polarity", 0.5},
                                        {"noise_floor", 1}};  // of training crops: rows of data/augment.cpp
  std::string channels =
      "mix";  // of a recording with several: "mix" (their mean), "separate" (a clip each, in the same split)

  template <class V>
  void fields(V& v) {
    v("inputs", inputs);
    v("exclude", exclude);
    v("cache", cache);
    v("sample_rate", sample_rate, config::between(4000, 192000));
    v("segment", segment, config::at_least(256));
    v("validation", validation, config::between(0, 0.5));
    v("test", test, config::between(0, 0.5));
    v("group", group);
    v("stratify", stratify);
    v("balance", balance);
    v("augment", augment, config::one_of(augmentation_names()));
    v("channels", channels, config::one_of({"mix", "separate"}));
  }
};

}  // namespace nr
