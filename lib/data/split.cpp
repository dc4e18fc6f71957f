#include "data/split.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.h"
#include "base/hash.h"
#include "base/random.h"
#include "data/csv.h"

namespace nr {
namespace {

struct Range {
  double low, high;
};

double distance(double x, const Range& range) { return std::max({0.0, range.low - x, x - range.high}); }

// group -> split, of one stratum.
std::map<std::string, Split> assign(const std::set<std::string>& groups, double validation, double test) {
  // [0, test) is test, then validation, then train: a larger training share takes files from nobody's test split.
  const std::map<Split, Range> ranges{{Split::kTest, {0, test}}, {Split::kValidation, {test, test + validation}}, {Split::kTrain, {test + validation, 1}}};
  std::map<std::string, double> position;
  for (const std::string& group : groups) position[group] = Random(hash64(group)).uniform();
  std::map<std::string, Split> split;
  std::map<Split, int> count;
  for (const auto& [group, x] : position) {
    const Split chosen = x < test ? Split::kTest : x < test + validation ? Split::kValidation : Split::kTrain;
    split[group] = chosen;
    ++count[chosen];
  }
  for (const Split wanted : {Split::kTrain, Split::kValidation, Split::kTest}) {
    const bool has_share = wanted == Split::kTrain || (wanted == Split::kTest ? test : validation) > 0;
    const bool must = wanted == Split::kTrain;  // of one or two groups too: there is nothing to do without it
    if (!has_share || count[wanted] > 0 || (position.size() < 3 && !must)) continue;
    const std::string* nearest = nullptr;
    for (const auto& [group, x] : position)
      if ((count[split[group]] > 1 || must) && (!nearest || distance(x, ranges.at(wanted)) < distance(position[*nearest], ranges.at(wanted)))) nearest = &group;
    if (!nearest) continue;
    --count[split[*nearest]];
    split[*nearest] = wanted;
    ++count[wanted];
  }
  return split;
}

}  // namespace

std::vector<Split> assign_splits(const std::vector<std::string>& groups, const std::vector<std::string>& strata, double validation, double test) {
  std::map<std::string, std::string> stratum;
  std::map<std::string, std::set<std::string>> members;
  for (size_t i = 0; i < groups.size(); ++i) members[stratum.emplace(groups[i], strata[i]).first->second].insert(groups[i]);
  std::map<std::string, std::map<std::string, Split>> splits;
  for (const auto& [name, of_stratum] : members) splits[name] = assign(of_stratum, validation, test);
  std::vector<Split> out;
  for (const std::string& group : groups) out.push_back(splits[stratum[group]][group]);
  return out;
}

std::string clip_list(const std::vector<ClipInfo>& clips, int sample_rate) {
  static const char* kNames[] = {"train", "validation", "test"};
  std::string out = "path,split,seconds\n";
  for (const ClipInfo& clip : clips)
    out += text(csv_cell(clip.path), ",", kNames[static_cast<int>(clip.split)], ",", static_cast<double>(clip.samples) / sample_rate, "\n");
  return out;
}

}  // namespace nr
