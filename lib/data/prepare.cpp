#include "data/prepare.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "base/names.h"
#include "base/parallel.h"
#include "data/csv.h"
#include "data/ingest.h"
#include "data/labels.h"
#include "data/split.h"

namespace nr {
namespace {

struct Item {
  Verdict verdict;
  std::string key;
  ClipRecord record;
  bool outside = false, done = false;
};

// The record of an earlier run, if it was made from exactly this; a key is only a hash, so the whole identity is
// compared.
bool reuse(CacheWriter& cache, const std::string& identity, Item& item) {
  const auto bytes = cache.get(record_key(item.key));
  if (!bytes) return false;
  try {
    item.record = unpack_record(*bytes);
  } catch (const Error&) {
    return false;
  }
  return item.record.identity == identity;
}

void use(const Source& source, const DataConfig& data, const DescriptorConfig& descriptors, CacheWriter& cache,
         Item& item) {
  item.verdict.path = source.shown();
  if (!source.problem.empty()) {
    item.verdict.detail = source.problem;
    return;
  }
  try {
    const std::string identity = identity_of(source, measured_text(data, descriptors));
    item.key = hex(hash64(identity));
    const bool known = reuse(cache, identity, item);
    if (!known) item.record = ingest(source, identity, data, descriptors, cache);
    item.verdict.kind = known ? Verdict::Kind::kReused : Verdict::Kind::kKept;
    item.verdict.detail = item.record.detail;
    item.verdict.seconds = static_cast<double>(item.record.samples) / data.sample_rate;
  } catch (const Error& error) {
    const std::string what = error.what(), prefix = source.shown() + ": ";
    if (what.compare(0, 6, "cache ") == 0) throw;  // not this file's fault
    item.verdict.detail = what.compare(0, prefix.size(), prefix) == 0 ? what.substr(prefix.size()) : what;
  }
}

void treat(const Source& source, const DataConfig& data, const DescriptorConfig& descriptors, CacheWriter& cache,
           Item& item) {
  use(source, data, descriptors, cache, item);
  if (!source.outside) return;
  item.outside = true;
  std::string& detail = item.verdict.detail;
  detail += text(detail.empty() ? "" : "; ", "lies outside the folder of the list that names it");
}

// A folder given by mistake may be someone else's database: what prepare does not want in its cache, it removes.
void check_ours(CacheWriter& cache, const std::string& folder) {
  for (const std::string& key : cache.keys())
    if (key != kIndexKey && key.compare(0, 2, "c:") != 0 && key.compare(0, 2, "p:") != 0)
      fail("cache ", folder, ": holds '", key, "', which prepare did not put there: name another folder");
}

std::string label_of(const Source& source, const std::string& column) {  // "" without
  const auto label = source.labels.find(column);
  return label == source.labels.end() ? "" : label->second;
}

// A recording without one of the labels is a group of its own.
std::string group_of(const Source& source, const std::string& group) {
  const std::string joined = joined_labels(source.labels, group);
  return joined.empty() ? source.name : joined;
}

void check_label(const std::vector<Source>& sources, const char* field, const std::string& column) {
  if (column.empty()) return;
  std::set<std::string> labels;
  for (const Source& source : sources)
    for (const auto& [name, value] : source.labels) labels.insert(name);
  if (!labels.count(column))
    fail("data.", field, ": no recording has a label '", column, "'", hint(column, {labels.begin(), labels.end()}));
}

// A source for each channel of those that have several.
std::vector<Source> separate_channels(std::vector<Source> sources) {
  std::vector<int> channels(sources.size(), 1);
  parallel_for(sources.size(), [&](size_t i) {
    try {
      if (sources[i].problem.empty()) channels[i] = channels_of(sources[i]);
    } catch (const Error&) {  // said where it is read
    }
  });
  std::vector<Source> out;
  for (size_t i = 0; i < sources.size(); ++i)
    for (int c = 0; c < channels[i]; ++c) {
      out.push_back(sources[i]);
      if (channels[i] > 1) out.back().channel = c;
    }
  return out;
}

// The inputs', and behind them those to train on alone that are not among them.
Scan scan_all(const DataConfig& data) {
  Scan out = scan(data.inputs, data.exclude, data.wet);
  if (data.train_only.empty()) return out;
  std::set<std::string> known;
  for (const Source& source : out.sources) known.insert(source.shown());
  Scan more = scan(data.train_only, data.exclude, data.wet);
  for (Source& source : more.sources) {
    if (known.count(source.shown())) continue;
    source.train_only = true;
    out.sources.push_back(std::move(source));
  }
  for (const auto& [extension, files] : more.other) out.other[extension] += files;
  return out;
}

// withheld: counts the recordings to train on alone whose group is not in training.
Index make_index(const Scan& scan, const std::vector<Item>& items, const DataConfig& data,
                 const DescriptorConfig& descriptors, int& withheld) {
  Index index{measured_text(data, descriptors), chosen_text(data), {}, {}, {}};
  std::vector<std::string> groups, strata;
  for (size_t i = 0; i < items.size(); ++i) {
    const Source& source = scan.sources[i];
    if (items[i].verdict.kind == Verdict::Kind::kSkipped || source.train_only) continue;
    groups.push_back(group_of(source, data.group));
    strata.push_back(label_of(source, data.stratify));
  }
  const std::vector<Split> splits = assign_splits(groups, strata, data.validation, data.test);
  std::map<std::string, Split> split_of;
  for (size_t i = 0; i < splits.size(); ++i) split_of[groups[i]] = splits[i];
  for (size_t i = 0; i < items.size(); ++i) {
    const Source& source = scan.sources[i];
    if (items[i].verdict.kind == Verdict::Kind::kSkipped) continue;
    Split split = Split::kTrain;
    if (!source.train_only) {
      split = split_of.at(group_of(source, data.group));
    } else if (const auto group = split_of.find(joined_labels(source.labels, data.group));
               group != split_of.end() && group->second != Split::kTrain) {
      ++withheld;
      continue;
    }
    index.clips.push_back({source.shown(), split, items[i].record.samples, source.labels});
    index.keys.push_back(items[i].key);
    index.contents.push_back(items[i].record.content);
  }
  return index;
}

std::vector<std::string> unwanted(CacheWriter& cache, const Index& index) {
  const std::set<std::string> wanted(index.keys.begin(), index.keys.end());
  std::vector<std::string> out;
  for (const std::string& key : cache.keys())
    if (key != kIndexKey && !(key.size() >= 18 && wanted.count(key.substr(2, 16)))) out.push_back(key);
  return out;
}

void count(PrepareReport& report, const Item& item, const DataConfig& data) {
  report.verdicts.push_back(item.verdict);
  if (item.verdict.kind == Verdict::Kind::kSkipped) {
    ++report.skipped;
    return;
  }
  ++(item.verdict.kind == Verdict::Kind::kKept ? report.kept : report.reused);
  report.seconds += item.verdict.seconds;
  report.resampled += item.record.source_rate != data.sample_rate;
  report.mixed += item.record.channels > 1 && data.channels == "mix";
  report.short_files += item.record.samples < data.segment;
  report.silent += item.record.silent;
  report.clipped += item.record.clipped > 0;
  report.outside += item.outside;
}

}  // namespace

PrepareReport prepare(const DataConfig& data, const DescriptorConfig& descriptors) {
  const double started = now_seconds();
  Scan found = scan_all(data);
  const std::string inputs = join(data.inputs);
  if (found.sources.empty())
    fail(inputs,
         found.other.empty() ? ": no files" : ": no audio files (there are: " + extensions_text(found.other) + ")");
  for (const std::string& label : joined_names(data.group)) check_label(found.sources, "group", label);
  for (const auto& [field, label] : {std::pair<const char*, const std::string&>{"stratify", data.stratify},
                                     {"balance", data.balance},
                                     {"wet", data.wet}})
    check_label(found.sources, field, label);
  for (const std::string& label : data.labels) check_label(found.sources, "labels", label);
  for (const std::string& label : data.parameters) check_label(found.sources, "parameters", label);
  if (data.cache.empty()) fail("data.cache is empty: name a folder for the prepared data");
  // Refuses bad settings before any file is read.
  Analyser(stored_curves(descriptors), {data.sample_rate, descriptors.window, descriptors.hop});
  if (data.channels == "separate") found.sources = separate_channels(std::move(found.sources));

  CacheWriter cache(data.cache);
  check_ours(cache, data.cache);
  std::vector<Item> items(found.sources.size());
  Progress progress("prepare");
  std::mutex guard;
  size_t done = 0;
  parallel_for(items.size(), [&](size_t i) {
    if (interrupted()) return;
    treat(found.sources[i], data, descriptors, cache, items[i]);
    const std::lock_guard<std::mutex> lock(guard);
    items[i].done = true;
    ++done;
    progress.update(static_cast<double>(done) / items.size(), text(done, " of ", items.size(), " files"));
  });
  cache.commit();
  if (done < items.size())
    fail("interrupted with ", done, " of ", items.size(), " files done; the next run goes on from there");

  PrepareReport report;
  report.other = found.other;
  for (const Item& item : items) count(report, item, data);
  if (report.kept + report.reused == 0)
    fail(inputs, ": none of ", items.size(), " files can be used; the first: ", items[0].verdict.path, ": ",
         items[0].verdict.detail);

  const Index index = make_index(found, items, data, descriptors, report.withheld);
  const std::vector<std::string> dropped = unwanted(cache, index);
  for (const std::string& key : dropped) report.dropped += key.compare(0, 2, "c:") == 0;
  cache.replace({{kIndexKey, pack(index)}}, dropped);
  write_file(std::filesystem::path(data.cache) / "clips.csv", clip_list(index.clips, data.sample_rate));
  for (const ClipInfo& clip : index.clips) ++report.clips[static_cast<int>(clip.split)];
  report.elapsed = now_seconds() - started;
  progress.done(text(items.size(), " files"));
  return report;
}

}  // namespace nr
