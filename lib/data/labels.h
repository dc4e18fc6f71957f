// The texts beside clips, read as classes and as numbers.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace nr {

// Error when a name is not a label of any clip, or stands there twice. field: "data.labels", for the error.
void check_labels(const std::string& field, const std::vector<std::string>& names, const std::vector<ClipInfo>& clips);

// "instrument+style": the values of the labels, joined. Empty where one of them is missing or empty.
std::string joined_labels(const std::map<std::string, std::string>& labels, const std::string& names);
// The names that are joined there.
std::vector<std::string> joined_names(const std::string& names);

// Takes out the clips that have none of the classes given (label -> classes), or are silent. clips, keys: side by side.
// A line of the log for each clip without a label or sound, and for each class that is not asked for. Error when
// nothing is left. silent: of a place in clips.
void keep_classes(const std::map<std::string, std::vector<std::string>>& classes,
                  const std::function<bool(size_t)>& silent, std::vector<ClipInfo>& clips,
                  std::vector<std::string>& keys);

// The values of a label over all clips. Error when a clip has none.
LabelGroup label_group(const std::string& name, const std::vector<ClipInfo>& clips);

// A clip's numbers, one per name; NaN where it has none. Error when the text is not a number. field: as above.
std::vector<float> numbers_of(const ClipInfo& clip, const std::vector<std::string>& names,
                              const std::string& field = "parameters");

}  // namespace nr
