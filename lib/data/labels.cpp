#include "data/labels.h"

#include <cmath>
#include <limits>
#include <set>
#include <sstream>

#include "base/error.h"
#include "base/log.h"
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
      fail(field, ": no recording has a label '", name, "'", hint(name, {known.begin(), known.end()}));
    if (!seen.insert(name).second) fail(field, ": '", name, "' stands there twice");
  }
}

void keep_classes(const std::map<std::string, std::vector<std::string>>& classes,
                  const std::function<bool(size_t)>& silent, std::vector<ClipInfo>& clips,
                  std::vector<std::string>& keys) {
  if (classes.empty()) return;
  std::map<std::string, int> others;  // what is not asked for -> clips
  std::vector<ClipInfo> kept;
  std::vector<std::string> kept_keys;
  for (size_t i = 0; i < clips.size(); ++i) {
    std::string problem, other;
    for (const auto& [label, wanted] : classes) {
      const std::string value = value_of(clips[i], label);
      if (value.empty() || value == "nan" || value == "NaN") problem = text("has no label '", label, "'");
      else if (!contains(wanted, value)) other = text(label, " '", value, "'");
    }
    if (problem.empty() && other.empty() && silent(i)) problem = "is silent";
    if (!problem.empty()) log_warning(text(clips[i].path, ": ", problem, "; left out"));
    else if (!other.empty()) ++others[other];
    else kept.push_back(clips[i]), kept_keys.push_back(keys[i]);
  }
  for (const auto& [other, count] : others)
    log_info(text(count, " clips of ", other, ", which data.classes does not name, are left out"));
  if (kept.empty()) fail("data.classes: none of ", clips.size(), " clips has a class of every label named");
  for (const auto& [label, wanted] : classes) {
    std::set<std::string> found;
    for (const ClipInfo& clip : kept) found.insert(value_of(clip, label));
    if (found.size() < 2 && wanted.size() > 1)
      log_warning(text("data.classes.", label, ": all clips are '", *found.begin(), "'; none is of another class"));
  }
  clips = std::move(kept), keys = std::move(kept_keys);
}

std::vector<std::string> joined_names(const std::string& names) {
  std::vector<std::string> out;
  std::istringstream parts(names);
  for (std::string part; std::getline(parts, part, '+');) out.push_back(part);
  return out;
}

std::string joined_labels(const std::map<std::string, std::string>& labels, const std::string& names) {
  std::string out;
  for (const std::string& name : joined_names(names)) {
    const auto label = labels.find(name);
    if (label == labels.end() || label->second.empty()) return "";
    out += (out.empty() ? "" : "\n") + label->second;
  }
  return out;
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
