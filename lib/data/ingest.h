// One recording -> its entries in the cache, block by block: a file of any size in constant memory.
#pragma once
#include <string>

#include "data/cache.h"
#include "data/config.h"
#include "data/record.h"
#include "data/scan.h"

namespace nr {

// Error when its header cannot be read.
int channels_of(const Source& source);

// Absolute path, size, time of change and settings, and those of a wet version: everything a record depends on. Error when
// a file is gone.
std::string identity_of(const Source& source, const std::string& measured);

// The record goes in last: with it, the recording is whole. Error when the file cannot be decoded.
ClipRecord ingest(const Source& source, const std::string& identity, const DataConfig& data, const DescriptorConfig& descriptors,
                  CacheWriter& cache);

}  // namespace nr
