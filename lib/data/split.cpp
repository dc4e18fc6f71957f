#include "data/split.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/hash.h"
#include "base/random.h"

namespace nr {
namespace {

struct Range {
  double low, high;
};

double distance(double x, const Range& range) { return std::max({0.0, range.low - x, x - range.high}); }

}  // namespace

std::vector<Split> assign_splits(const std::vector<std::string>& groups, double validation, double test) {
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
    if (!has_share || count[wanted] > 0 || position.size() < 3) continue;
    const std::string* nearest = nullptr;
    for (const auto& [group, x] : position)
      if (count[split[group]] > 1 && (!nearest || distance(x, ranges.at(wanted)) < distance(position[*nearest], ranges.at(wanted)))) nearest = &group;
    if (!nearest) continue;
    --count[split[*nearest]];
    split[*nearest] = wanted;
    ++count[wanted];
  }
  std::vector<Split> out;
  for (const std::string& group : groups) out.push_back(split[group]);
  return out;
}

}  // namespace nr
