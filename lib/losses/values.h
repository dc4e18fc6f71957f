// The named values of one training step. Each is computed once, when something first asks for it. A system adds their producers; losses
// read them: lib/systems/system.h lists the names.
#pragma once
#include <torch/types.h>

#include <any>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace nr {

class Values {
 public:
  // What one computation gives, in the order of the names.
  using Producer = std::function<std::vector<torch::Tensor>()>;

  void set(const std::string& name, torch::Tensor value);
  // Computed once a step, and before the first update (see compute()): an update changes what it depends on.
  void add(const std::vector<std::string>& names, Producer producer);
  // Computed once an update, from values of the step: the graph behind it is walked backward once.
  void add_for_update(const std::vector<std::string>& names, const std::vector<std::string>& from, Producer producer);

  bool has(const std::string& name) const { return producer_of_.count(name) > 0; }
  // Error that says the nearest name, or that a value of the step is asked for too late.
  const torch::Tensor& operator[](const std::string& name);

  // Of the names, the values of the step and those that values of an update are computed from, in the order in which the system added
  // them. So the order of losses in a config does not change which random numbers a value gets. Other names are passed over.
  void compute(const std::vector<std::string>& names);
  // Forgets what was computed for the last update. From here on no value of the step can be computed.
  void begin_update();

  // A result that several losses of one update share, under a key of their own.
  template <class T>
  const T& once(const std::string& key, const std::function<T()>& make) {
    std::any& found = shared_[key];
    if (!found.has_value()) found = make();
    return *std::any_cast<T>(&found);
  }

 private:
  struct Entry {
    std::vector<std::string> names, from;
    Producer producer;
    std::vector<torch::Tensor> values;  // empty: not computed
    bool for_update = false;
  };
  void insert(Entry entry);

  std::vector<Entry> entries_;
  std::map<std::string, std::pair<size_t, size_t>> producer_of_;  // name -> entry, place in its names
  std::map<std::string, std::any> shared_;
  bool updating_ = false;
};

}  // namespace nr
