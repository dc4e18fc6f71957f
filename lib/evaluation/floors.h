// Rows that need no model: what an answer scores that pays no heed to the request, or hardly any, and what one scores
// that obeys but for a small delay. Control metrics of a model say something where they are far from these.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "evaluation/subject.h"
#include "evaluation/table.h"

namespace nr {

struct Floor {
  std::string name;
  // The curve that takes the place of the measured one, of control k in a trial.
  std::function<std::vector<float>(const Observation&, const Trial&, size_t k)> answer;
};
//   deaf             the clip's own curve, whatever is asked
//   average curve    the mean of all training clips' curves, from the clip's start on
//   edges only       what is asked in the first and the last frame of each sounding run, and the clip's mean between
//   a frame late     what was asked a latent frame before
std::vector<Floor> floors(const Subject& subject);

Observation answered(Observation o, const Floor& floor);

}  // namespace nr
