#include "data/labels.h"

#include <cmath>
#include <limits>
#include <set>

#include "base/error.h"
#include "base/names.h"
#include "config/reader.h"

namespace nr {
namespace {

// Empty where the clip has none.
std::string value_of(const ClipInfo& clip, const std::string& label) {
  const auto found = clip.labels.find(label);
  return found == clip.labels.end() ? "" : found->second;
}

}  // namespace

void check_labels(const std::string& field, const std::vector<std::string>& names, const std::vector<ClipInfo>& clips) {
  std::set<std::string> known, seen;
  for (const ClipInfo& clip : clips)
    for (const auto& [name, value] : clip.labels) known.insert(name);
  for (const std::string& name : names) {
    if (!known.count(name))
      fail("data.", field, ": no recording has a label '", name, "'", hint(name, {known.begin(), known.end()}));
    if (!seen.insert(name).second) fail("data.", field, ": '", name, "' stands there twice");
  }
}

LabelGroup label_group(const std::string& name, const std::vector<ClipInfo>& clips) {
  std::set<std::string> classes;
  for (const ClipInfo& clip : clips) {
    const std::string value = value_of(clip, name);
    if (value.empty()) fail("data.labels: ", clip.path, " has no label '", name, "'");
    classes.insert(value);
  }
  return {name, {classes.begin(), classes.end()}};
}

std::vector<float> numbers_of(const ClipInfo& clip, const std::vector<std::string>& names, const std::string& field) {
  std::vector<float> out;
  for (const std::string& name : names) {
    const std::string value = value_of(clip, name);
    double number = std::numeric_limits<double>::quiet_NaN();
    const bool is_number = config::parse(value, number) && std::isfinite(static_cast<float>(number));
    if (!value.empty() && !is_number)
      fail("data.", field, ": ", clip.path, ": '", name, "' is '", value, "', expected a number or an empty cell");
    out.push_back(static_cast<float>(number));
  }
  return out;
}

}  // namespace nr
