// Which split a recording belongs to: a hash of its name or of its group says so, and adding files moves no other.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace nr {

// groups: one per recording; equal texts are never separated. Training gets at least one group. So does every split
// with a share when there are three groups or more: the group whose hash lies nearest is moved.
// strata: one per recording. The above holds of each stratum by itself. A group belongs to the stratum of its first
// recording.
std::vector<Split> assign_splits(const std::vector<std::string>& groups, const std::vector<std::string>& strata,
                                 double validation, double test);

// CSV: path, split, seconds.
std::string clip_list(const std::vector<ClipInfo>& clips, int sample_rate);

// CSV: path, split. A run keeps it, so that it goes on with the splits it began with.
std::string splits_text(const Dataset& dataset);
// What splits_text() wrote, for Dataset's constructor. Error with the line for another header, a row of another length,
// an unknown split, an empty path or a path that stands there twice. name: of the file, for the error.
std::map<std::string, Split> parse_splits(const std::string& contents, const std::string& name = "splits");

}  // namespace nr
