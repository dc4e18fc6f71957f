// What may be done to a training crop, by name; the numbers beside the names come from data.augment.
#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "base/table.h"

namespace nr {

struct Augmentation {
  const char* name;
  const char* number;    // what its number means
  double most;           // its number's upper bound; 0 leaves it out
  bool keeps_descriptors;  // or they are measured again
  // May change the length only by playing faster or slower. `draw` is all its chance.
  void (*apply)(std::vector<float>& audio, int sample_rate, double number, Random& draw);
};
const Table<Augmentation>& augmentations();  // in the order in which they are applied

class Augmenter {
 public:
  explicit Augmenter(const std::map<std::string, double>& numbers);  // Error for an unknown name or a number out of range
  bool keeps_descriptors() const;
  double fastest() const;  // samples that a sample of the result may take up
  void apply(std::vector<float>& audio, int sample_rate, Random& draw) const;

 private:
  std::vector<std::pair<const Augmentation*, double>> chosen_;
};

}  // namespace nr
