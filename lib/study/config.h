// What a study file says: the rows of a table, how each is trained, and how all are evaluated.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "evaluation/evaluate.h"
#include "run/run.h"

namespace nr {

// A table of fields that is laid over others, or the name of a file with one, relative to the study file.
struct ConfigPart {
  config::Value source = {};

  void read(const config::Value& value, const std::string& path);
  config::Value write() const { return source; }
};

// Numbers that others have published, shown below the table: where they stand and what differs -> row -> metric, value.
using Published = Named<Named<std::map<std::string, double>>>;

//   out: runs/studies/faders
//   runs: runs/studies/all                    # where its rows are trained
//   rows:
//     C-RAVE: c_rave.yaml                     # or a table, with `extends`
//     F-RAVE: {extends: c_rave.yaml, training: {...}}
//   seeds: [1, 2, 3]
//   profiles:                                 # laid over every row
//     quick: {training: {batch: 2}}
//     cpu: {}
//   published:
//     "the site, 1,000,000 steps": {F-RAVE: {multi_scale_stft: 4.93}}
//   evaluation: {clips: 80}                   # EvaluationConfig
struct StudyConfig {
  std::string out;  // the tables of a profile are in a folder of its name below it
  // The same of runs and prepared data; empty: out. Studies that share it train rows of the same name once.
  std::string runs;
  Named<ConfigPart> rows;
  std::vector<int64_t> seeds{1};
  Named<ConfigPart> profiles;  // the first is the default
  Published published;
  EvaluationConfig evaluation;

  template <class V>
  void fields(V& v) {
    v("out", out);
    v("runs", runs);
    v("rows", rows);
    v("seeds", seeds, config::at_least(0));
    v("profiles", profiles);
    v("published", published);
    v("evaluation", evaluation);
  }
};

// Error with file and line for an unknown field or metric, a study without rows or `out`, a row's name that is no
// folder's name, and a seed that stands twice.
StudyConfig read_study(const std::filesystem::path& file);

// The profile of that name, or the first for "". Error when there is none of that name.
std::string profile_of(const StudyConfig& study, const std::string& name);

// A row's config under a profile, with a seed. Error with file and line as of any config.
RunConfig row_config(const StudyConfig& study, size_t row, const std::string& profile, int64_t seed);

}  // namespace nr
