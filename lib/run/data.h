// Where the recordings are, what is known of them and how they are cut.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "config/checks.h"
#include "effects/chain.h"
#include "run/names.h"

namespace nr {

// A label is a column of a manifest, or one that scan.h finds itself: `folder`, `speaker`, and of a note `key`,
// `semitone`, `octave`, `instrument` and `style`.
struct DataConfig {
  // Folders (searched recursively), audio files, manifest.csv files with a `path` column, or patterns of these.
  std::vector<std::string> inputs;
  std::vector<std::string> train_only;  // more of them, of which none validates or tests
  std::vector<std::string> exclude;     // patterns of names relative to their input, left out: "*/noise/*"
  std::string cache = "cache";          // folder of the prepared data (LMDB)
  int sample_rate = 16000;              // Hz; recordings of another rate are resampled
  int segment = 32768;                  // samples of one training crop; a multiple of the model's hop
  double validation = 0.1;              // shares of the files, by hash of the name: stable when files are added
  double test = 0.1;
  // A label whose equal values never cross splits, or several: "instrument+style"; empty: each file is its own group.
  std::string group;
  std::string stratify;  // a label each of whose values is in every split; empty: the shares hold of the whole
  std::string balance;   // a label whose values training draws equally often; empty: as often as they sound
  // Of training crops: rows of data/augment.cpp.
  std::map<std::string, double> augment{{"polarity", 0.5}, {"noise_floor", 1}};
  ChainConfig effects;           // of training crops, behind `augment`: the model hears the wet sound alone
  bool pairs = false;            // of `effects`: it gets the dry crop too, and what was drawn; in validation as well
  std::string channels = "mix";  // of a recording: "mix" (their mean) or "separate" (a clip each, in the same split)
  std::vector<std::string> labels;      // labels whose values are the classes of a group
  // Of some of these labels: the classes used, in this order. Clips of another class, or of none, and silent ones are
  // left out. Without: all classes that there are, in the order of their bytes.
  std::map<std::string, std::vector<std::string>> classes;
  std::vector<std::string> parameters;  // labels that are numbers; an empty cell is unknown
  // Opposites, such as dark and bright: a label whose cells are -1, 1 or empty (unknown); or one of descriptors.names:
  // 1 for the third of the training clips where its mean is highest, -1 for the lowest third, unknown between.
  std::vector<std::string> tags;
  // A label that is a path, relative to the manifest: the same sound behind an effect. Empty: no pairs.
  std::string wet;
  // split_by_chunk: each recording is cut into chunks of `segment` samples, which are clips with splits of their own,
  // as F-RAVE's published code does. So a note that is tested was trained on: to compare with published figures alone.
  std::vector<std::string> legacy;

  template <class V>
  void fields(V& v) {
    v("inputs", inputs);
    v("train_only", train_only);
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
    v("effects", effects);
    v("pairs", pairs);
    v("channels", channels, config::one_of({"mix", "separate"}));
    v("labels", labels);
    v("classes", classes);
    v("parameters", parameters);
    v("tags", tags);
    v("wet", wet);
    v("legacy", legacy, config::one_of({"split_by_chunk"}));
  }
};

}  // namespace nr
