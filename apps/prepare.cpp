// prepare CONFIG.yaml, or prepare --input DIR --cache DIR: recordings -> cache, with a report of every file.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/main.h"
#include "config/reader.h"
#include "data/prepare.h"

namespace {

// A run's config holds more than this program reads.
template <class T>
T section(const nr::config::Value& root, const char* name) {
  T out;
  if (const nr::config::Value* value = root.find(name)) nr::config::Reader::read(*value, out, name);
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Decodes, resamples, measures and splits recordings into a cache; a second run does only what changed"};
  std::string config, cache;
  std::vector<std::string> inputs, assignments;
  bool verbose = false, strict = false;
  app.add_option("config", config, "configs/*.yaml: its `data` and `descriptors` are read");
  app.add_option("--input", inputs, "folder, audio file or manifest.csv, over data.inputs; may be repeated")
      ->allow_extra_args(false);
  app.add_option("--cache", cache, "folder of the prepared data, over data.cache");
  app.add_option("--set", assignments, "key=value, over the config: data.sample_rate=44100")->allow_extra_args(false);
  app.add_flag("--verbose", verbose, "a line for every file");
  app.add_flag("--strict", strict, "fail when any file is skipped");
  CLI11_PARSE(app, argc, argv);

  return nr::run_main([&] {
    nr::watch_interrupts();
    nr::config::Value root = config.empty() ? nr::config::Value{} : nr::config::load(config);
    for (const std::string& assignment : assignments) nr::config::set(root, assignment);
    auto data = section<nr::DataConfig>(root, "data");
    if (!inputs.empty()) data.inputs = inputs;
    if (!cache.empty()) data.cache = cache;

    const nr::PrepareReport report = nr::prepare(data, section<nr::DescriptorConfig>(root, "descriptors"));
    if (verbose)
      for (const nr::Verdict& verdict : report.verdicts) std::printf("%s\n", nr::verdict_text(verdict).c_str());
    std::fputs(report.summary().c_str(), stdout);
    if (strict && report.skipped)
      nr::fail(report.skipped, " of ", report.verdicts.size(), " files were skipped (--strict)");
  });
}
