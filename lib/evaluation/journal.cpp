#include "evaluation/journal.h"

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

namespace nr {
namespace {

using Json = nlohmann::ordered_json;

struct Reading {
  std::vector<JournalCurve> curves;
  std::map<std::string, size_t> index;

  void add(const std::string& name, double step, double value) {
    const auto [at, fresh] = index.emplace(name, curves.size());
    if (fresh) curves.push_back({name, {}, {}});
    curves[at->second].steps.push_back(step);
    curves[at->second].values.push_back(value);
  }
  void walk(const Json& object, const std::string& prefix, double step) {
    for (const auto& [key, value] : object.items()) {
      if (prefix.empty() && (key == "step" || key == "seconds")) continue;
      if (value.is_number()) add(prefix + key, step, value.get<double>());
      if (value.is_object()) walk(value, prefix + key + ".", step);
    }
  }
};

}  // namespace

std::vector<JournalCurve> read_journal(const std::filesystem::path& file) {
  Reading reading;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const Json entry = Json::parse(line, nullptr, false);
    if (entry.is_object() && entry.contains("step") && entry["step"].is_number())
      reading.walk(entry, "", entry["step"].get<double>());
  }
  return reading.curves;
}

JournalCurve thinned(const JournalCurve& curve, int points) {
  const size_t size = curve.steps.size();
  if (size <= static_cast<size_t>(points)) return curve;
  JournalCurve out{curve.name, {}, {}};
  for (int p = 0; p < points; ++p) {
    const size_t from = p * size / points, to = (p + 1) * size / points;
    double step = 0, value = 0;
    for (size_t i = from; i < to; ++i) step += curve.steps[i], value += curve.values[i];
    out.steps.push_back(step / (to - from));
    out.values.push_back(value / (to - from));
  }
  return out;
}

}  // namespace nr
