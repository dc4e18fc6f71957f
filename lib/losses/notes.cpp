#include "losses/notes.h"

#include "nn/note_classifier.h"

namespace nr {

torch::Tensor note_classification(const LossInput& in) {
  return part<NoteClassifier>(in.parts, "classifier").cross_entropy(in.values["target.mel"], in.values["condition"]);
}

torch::Tensor exchange_classification(const LossInput& in) {
  return part<NoteClassifier>(in.parts, "classifier")
      .cross_entropy(in.values["exchanged.mel"], in.values["exchanged.condition"]);
}

}  // namespace nr
