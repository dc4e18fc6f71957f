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
  const char* number;      // what its number means
  double most;             // its number's upper bound; 0 leaves it out
  bool keeps_descriptors;  // else they are measured again
  bool keeps_pairs;        // a dry sound and its wet version stay a pair when both get it with the same draws
  std::vector<const char*> draws;  // the numbers it draws for a crop
  // May change the length only by playing faster or slower. All randomness comes from `draw`. drawn: one number a name
  // of draws, always the same ones where it leaves the crop alone.
  void (*apply)(std::vector<float>& audio, int sample_rate, double number, Random& draw, float* drawn);
};
const Table<Augmentation>& augmentations();  // in the order in which they are applied

class Augmenter {
 public:
  // pairs: it will augment pairs of dry and wet sound. Error for an unknown name, for a number out of range and, with
  // pairs, for a row that does not keep them.
  explicit Augmenter(const std::map<std::string, double>& numbers, bool pairs = false);
  bool keeps_descriptors() const;
  double fastest() const;                  // samples that a sample of the result may take up
  std::vector<std::string> draws() const;  // "gain.decibels" ...: of those whose number is not 0, in the table's order
  // drawn: one place a name of draws().
  void apply(std::vector<float>& audio, int sample_rate, Random& draw, float* drawn) const;

 private:
  std::vector<std::pair<const Augmentation*, double>> chosen_;
};

}  // namespace nr
