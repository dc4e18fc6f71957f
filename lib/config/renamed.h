// Names that fields had in earlier versions. The reader refuses them and says the new name. Checkpoints of those
// versions hold such configs: upgrade() gives them the new names.
#pragma once
#include <string>
#include <vector>

#include "config/value.h"

namespace nr::config {

struct Renamed {
  const char *before, *now;
  const char* type = "";  // of a section of the whole document: the `type` that the new one needs
};
const std::vector<Renamed>& renamed();

// ": it is called 'optimisers' now" of an old name whose new name is among those known; of any other the nearest name.
std::string hint_of_field(const std::string& name, const std::vector<std::string>& known);

// Gives the fields of a whole document their new names. The names of phases and optimisers belong to the user and stay.
void upgrade(Value& root);

}  // namespace nr::config
