#include "losses/values.h"

#include <torch/torch.h>

#include <algorithm>

#include "base/error.h"
#include "base/names.h"

namespace nr {

void Values::insert(Entry entry) {
  for (size_t i = 0; i < entry.names.size(); ++i) producer_of_[entry.names[i]] = {entries_.size(), i};
  entries_.push_back(std::move(entry));
}

void Values::set(const std::string& name, torch::Tensor value) { insert({{name}, {}, {}, {std::move(value)}, false}); }

void Values::add(const std::vector<std::string>& names, Producer producer) {
  insert({names, {}, std::move(producer), {}, false});
}

void Values::add_for_update(const std::vector<std::string>& names, const std::vector<std::string>& from, Producer producer) {
  insert({names, from, std::move(producer), {}, true});
}

const torch::Tensor& Values::operator[](const std::string& name) {
  const auto found = producer_of_.find(name);
  if (found == producer_of_.end()) {
    std::vector<std::string> names;
    for (const auto& [known, place] : producer_of_) names.push_back(known);
    fail("no value '", name, "' in this step", hint(name, names));
  }
  const auto [entry, place] = found->second;
  if (entries_[entry].values.empty()) {
    if (updating_ && !entries_[entry].for_update)
      fail("value '", name, "' is asked for in an update, but it is computed before the first one: a loss that reads it must say so");
    std::vector<torch::Tensor> made = entries_[entry].producer();  // may ask for other values
    entries_[entry].values = std::move(made);
  }
  return entries_[entry].values.at(place);
}

void Values::compute(const std::vector<std::string>& names) {
  const auto any_of = [](const std::vector<std::string>& some, const std::vector<std::string>& of) {
    return std::any_of(some.begin(), some.end(), [&](const std::string& s) { return std::find(of.begin(), of.end(), s) != of.end(); });
  };
  std::vector<std::string> wanted = names;
  for (const Entry& entry : entries_)
    if (entry.for_update && any_of(entry.names, names)) wanted.insert(wanted.end(), entry.from.begin(), entry.from.end());
  for (size_t i = 0; i < entries_.size(); ++i)
    if (!entries_[i].for_update && any_of(entries_[i].names, wanted)) (*this)[entries_[i].names.front()];
}

void Values::begin_update() {
  updating_ = true;
  shared_.clear();
  for (Entry& entry : entries_)
    if (entry.for_update) entry.values.clear();
}

}  // namespace nr
