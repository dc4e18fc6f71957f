// A chain's draws as numbers that a network learns from, and back: the effect in each place, and how it is set.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "effects/chain.h"

namespace nr {

class ChainLabels {
 public:
  // Error when the chain's order is drawn, which no column says, and when nothing is drawn.
  explicit ChainLabels(const ChainConfig& config);

  // A place with several effects has a choice, `effect`, of which `none` is one where the place may be left out. Each
  // of its effects has a column for what is drawn: "tanh.drive", "tanh.mix". Of places behind the first: "effect_2",
  // and "tanh.drive_2" where another place has the name. Positions in [0, 1] are of a parameter's whole range, so
  // that chains with other ranges share them.
  const SynthParameters& columns() const { return columns_; }
  const std::vector<size_t>& choices() const { return choices_; }  // the columns `effect`

  // values: in their own units, 0 where not known; known: 1 or 0; one of each a column. Links of another chain are
  // known as far as this one has their effect in the same place.
  void of(const Links& links, float* values, float* known) const;
  // The links of such values. What is no column has its fixed value.
  Links links(const float* values) const;
  size_t place(size_t column) const { return places_of_[column].place; }
  // Ends of what is drawn of a column; of a choice its range.
  std::pair<double, double> drawn(size_t column) const { return {places_of_[column].low, places_of_[column].high}; }
  // Of each column, whether the choices of these values leave it in the chain; choices themselves are.
  std::vector<bool> present(const float* values) const;

 private:
  struct Column {
    size_t place;
    const EffectKind* kind = nullptr;  // null: the choice of a place
    size_t parameter = 0;              // one past the last: mix
    double low = 0, high = 1;          // drawn
  };
  struct Place {
    std::vector<EffectChoice> effects;  // each kind once, as it is without columns
    int choice = -1;                    // its column; -1: the effect is sure
    bool may_be_none = false;
  };
  void add_place(const ChainSlot& slot);
  void add_column(const SynthParameter& parameter, const std::string& name, Column column);
  const EffectChoice* effect_at(size_t place, const float* values) const;  // null: none

  std::vector<Place> places_;
  std::vector<Column> places_of_;  // one a column
  SynthParameters columns_;
  std::vector<size_t> choices_;
};

}  // namespace nr
