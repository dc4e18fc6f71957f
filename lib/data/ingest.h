// One recording -> its entries in the cache. Its sound passes block by block. What stays in memory until its end are
// its curves, 4 bytes a measurement and descriptor, twice while they are packed: with 7 descriptors at 62.5
// measurements a second 13 MB an hour, and 300 MB for the longest sound (kLongestSound). A record of a RAVE data set
// is read whole.
#pragma once
#include <string>

#include "data/cache.h"
#include "run/data.h"
#include "data/record.h"
#include "data/scan.h"

namespace nr {

// Error when its header cannot be read.
int channels_of(const Source& source);

// Everything a record depends on: settings, and absolute path, size and time of change of the recording and of its wet
// version. Error when a file is gone.
std::string identity_of(const Source& source, const std::string& measured);

// The record goes in last: with it, the recording is whole. Error when the file cannot be decoded or exceeds a limit.
ClipRecord ingest(const Source& source, const std::string& identity, const DataConfig& data,
                  const DescriptorConfig& descriptors, CacheWriter& cache);

}  // namespace nr
