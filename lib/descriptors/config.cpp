#include "descriptors/config.h"

namespace nr {
std::vector<std::string> descriptor_names() { return {"rms", "centroid", "bandwidth", "flatness", "rolloff", "pitch"}; }
}  // namespace nr
