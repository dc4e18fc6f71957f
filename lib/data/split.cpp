#include "data/split.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.h"
#include "base/hash.h"
#include "base/names.h"
#include "base/random.h"
#include "data/csv.h"

namespace nr {
namespace {

const std::vector<std::string>& split_names() {  // by the number of a Split
  static const std::vector<std::string> names{"train", "validation", "test"};
  return names;
}

struct Range {
  double low, high;
};

double away_from(double x, const Range& range) { return std::max({0.0, range.low - x, x - range.high}); }

// group -> split, of one stratum.
std::map<std::string, Split> assign(const std::set<std::string>& groups, double validation, double test) {
  // [0, test) is test, then validation, then train: a larger validation share leaves every test file where it is.
  const std::map<Split, Range> ranges{{Split::kTest, {0, test}},
                                      {Split::kValidation, {test, test + validation}},
                                      {Split::kTrain, {test + validation, 1}}};
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
    const auto away = [&](double x) { return away_from(x, ranges.at(wanted)); };
    for (const auto& [group, x] : position)
      if ((count[split[group]] > 1 || must) && (!nearest || away(x) < away(position[*nearest]))) nearest = &group;
    if (!nearest) continue;
    --count[split[*nearest]];
    split[*nearest] = wanted;
    ++count[wanted];
  }
  return split;
}

std::string row(const ClipInfo& clip) {
  return csv_cell(clip.path) + "," + split_names().at(static_cast<size_t>(clip.split));
}

}  // namespace

std::vector<Split> assign_splits(const std::vector<std::string>& groups, const std::vector<std::string>& strata,
                                 double validation, double test) {
  std::map<std::string, std::string> stratum;
  std::map<std::string, std::set<std::string>> members;
  for (size_t i = 0; i < groups.size(); ++i)
    members[stratum.emplace(groups[i], strata[i]).first->second].insert(groups[i]);
  std::map<std::string, std::map<std::string, Split>> splits;
  for (const auto& [name, of_stratum] : members) splits[name] = assign(of_stratum, validation, test);
  std::vector<Split> out;
  for (const std::string& group : groups) out.push_back(splits[stratum[group]][group]);
  return out;
}

std::string clip_list(const std::vector<ClipInfo>& clips, int sample_rate) {
  std::string out = "path,split,seconds\n";
  for (const ClipInfo& clip : clips)
    out += text(row(clip), ",", static_cast<double>(clip.samples) / sample_rate, "\n");
  return out;
}

std::string splits_text(const Dataset& dataset) {
  std::string out = "path,split\n";
  for (const ClipInfo& clip : dataset.clips()) out += row(clip) + "\n";
  return out;
}

std::map<std::string, Split> parse_splits(const std::string& contents, const std::string& name) {
  std::map<std::string, Split> out;
  const std::vector<CsvRow> rows = parse_csv(contents, name);
  if (rows.empty() || rows[0].cells != std::vector<std::string>{"path", "split"})
    fail(name, ":1: the header is '", rows.empty() ? "" : join(rows[0].cells, ","), "', expected 'path,split'");
  for (size_t i = 1; i < rows.size(); ++i) {
    const auto& [line, cells] = rows[i];
    if (cells.size() != 2) fail(name, ":", line, ": ", cells.size(), " cells, expected 2");
    if (cells[0].empty()) fail(name, ":", line, ": the path is empty");
    const auto& names = split_names();
    const auto split = std::find(names.begin(), names.end(), cells[1]);
    if (split == names.end()) fail(name, ":", line, ": no split named '", cells[1], "'", hint(cells[1], names));
    if (!out.emplace(cells[0], static_cast<Split>(split - names.begin())).second)
      fail(name, ":", line, ": ", cells[0], " stands there twice");
  }
  return out;
}

}  // namespace nr
