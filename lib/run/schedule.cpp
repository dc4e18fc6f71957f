#include "run/schedule.h"

#include <cmath>
#include <vector>

#include "base/error.h"
#include "config/reader.h"

namespace nr {

double Schedule::at(int64_t step) const {
  if (step >= end) return to;
  if (step <= start) return from;
  const double share = double(step - start) / double(end - start);
  return logarithmic ? from * std::pow(to / from, share) : from + (to - from) * share;
}

void Schedule::read(const config::Value& value, const std::string& path) {
  if (value.kind == config::Value::Kind::kScalar) {
    double constant;
    config::Reader::read(value, constant, path);
    *this = constant;
    return;
  }
  const config::Value* found = value.find("ramp");
  if (!found || value.fields.size() != 1) fail(value.where(), path, " must be a number or {ramp: [from, to, start, end]}");
  config::Value ramp = *found;
  logarithmic = !ramp.items.empty() && ramp.items.back().scalar == "log";
  if (logarithmic) ramp.items.pop_back();
  std::vector<double> numbers;
  config::Reader::read(ramp, numbers, path + ".ramp");
  if (numbers.size() == 3) numbers.insert(numbers.begin() + 2, 0.0);
  if (numbers.size() != 4 || numbers[2] < 0 || numbers[3] < numbers[2])
    fail(found->where(), path, ".ramp must be [from, to, steps] or [from, to, start, end] with 0 <= start <= end, and may end with log");
  from = numbers[0], to = numbers[1], start = int64_t(numbers[2]), end = int64_t(numbers[3]);
  if (logarithmic && (from <= 0 || to <= 0)) fail(found->where(), path, ".ramp: ", from, " to ", to, ", but logarithms need positive ends");
}

config::Value Schedule::write() const {
  if (from == to) return config::scalar(config::print(to));
  config::Value value;
  config::Value& ramp = value["ramp"];
  ramp.kind = config::Value::Kind::kList;
  ramp.items = {config::scalar(config::print(from)), config::scalar(config::print(to)), config::scalar(config::print(start)),
                config::scalar(config::print(end))};
  if (logarithmic) ramp.items.push_back(config::scalar("log"));
  return value;
}

}  // namespace nr
