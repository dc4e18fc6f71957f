// Semantic dimensions: one dimension of the latent for each of data.tags.
#pragma once
#include <string>
#include <vector>

#include "evaluation/macro_controls.h"

namespace nr {

struct TaggedPoint {
  double x, y;
  int tag;  // -1, 0 (unknown), 1
};

struct SemanticDimension {
  std::string tag;
  // Behind a disentangling flow the tag's own; without one the one that separates training sounds best.
  int dimension = 0;
  double auc = 0;         // of that dimension, over the test sounds whose tag is known
  double auc_before = 0;  // before the flow: of the dimension that is best on training sounds
  std::vector<TaggedPoint> before, after;  // test sounds: that dimension and the next
  // Traversal: the dimension moves, the others stay those of a test sound. Of each: Spearman's correlation of the place
  // with the tag's descriptor, in the rendered note. Empty where the tag is no descriptor.
  std::vector<double> spearman;
  MacroControl control;  // through 0
  HeardLine line;        // of control; without sounds unless asked for
};

// One a tag; empty without tags or latent. heard: whether the traversal is kept to be heard.
std::vector<SemanticDimension> semantic_dimensions(const SynthesizerSubject& subject,
                                                   const LatentStatistics& statistics, const Resynthesis& synth,
                                                   bool heard);

}  // namespace nr
