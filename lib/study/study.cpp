#include "study/study.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "base/process.h"
#include "config/difference.h"
#include "config/writer.h"
#include "data/prepare.h"
#include "study/combine.h"
#include "study/objectives.h"
#include "systems/table.h"
#include "training/train.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

// Fields that a newer version has added have their defaults in the older config, and so do not differ.
bool same_config(const fs::path& folder, const RunConfig& config) {
  RunConfig before = read_run_config(config::load(folder / "config.yaml")), now = config;
  before.device = now.device, before.data.cache = now.data.cache;
  return config::differences(config::Writer::write(before), config::Writer::write(now)).empty();
}

// What another config has trained there makes way: its folder gets a number behind its name.
void make_way(const fs::path& folder, const RunConfig& config) {
  if (!fs::exists(folder / "config.yaml") || same_config(folder, config)) return;
  fs::path aside;
  for (int n = 1; aside.empty() || fs::exists(aside); ++n) aside = folder.string() + "." + std::to_string(n);
  fs::rename(folder, aside);
  log_warning(folder.string() + ": was trained with another config; it is " + aside.string() + " now");
}

void render_missing(const DataConfig& data) {
  std::vector<std::string> inputs = data.inputs;
  inputs.insert(inputs.end(), data.train_only.begin(), data.train_only.end());
  for (const std::string& input : inputs) {
    const fs::path recipe = input + ".yaml";
    if (fs::exists(input) || !fs::exists(recipe)) continue;
    const std::string render = (fs::read_symlink("/proc/self/exe").parent_path() / "render").string();
    log_info("render " + recipe.string() + " " + input);
    const Outcome outcome = run_program({render, recipe.string(), input}, "build the program `render`");
    if (outcome.status) fail("render ", recipe.string(), ": ", outcome.output);
  }
}

class Study {
 public:
  Study(const fs::path& file, const std::string& profile)
      : config_(read_study(file)), profile_(profile_of(config_, profile)), out_(fs::path(config_.out) / profile_),
        runs_(fs::path(config_.runs.empty() ? config_.out : config_.runs) / profile_) {
    facts_.title = file.stem().string() + (profile_.empty() ? "" : ", profile " + profile_);
    facts_.published = config_.published;
    // A wrong row is found before another one has trained for an hour.
    for (size_t row = 0; row < config_.rows.size(); ++row) row_config(config_, row, profile_, 1);
  }

  // False: Ctrl-C.
  bool run() {
    for (const int64_t seed : config_.seeds) {
      watch_interrupts();
      const std::vector<fs::path> runs = train_rows(seed);
      if (interrupted()) return false;
      unwatch_interrupts();
      facts_.seeds.push_back(seed);
      seeds_.push_back(evaluate_rows(runs, seed));
      write();
    }
    if (!facts_.failed.empty()) fail(facts_.failed.size(), " of ", total(), " runs failed: ", facts_.failed[0]);
    return true;
  }
  // For the index of several studies, from its folder.
  StudySummary summary(const fs::path& from) const {
    return {facts_, combine(seeds_, config_.evaluation),
            fs::relative(fs::absolute(out_ / "index.html"), fs::absolute(from)).generic_string()};
  }

 private:
  size_t total() const { return config_.rows.size() * config_.seeds.size(); }
  static std::string folder(int64_t seed) { return "seed_" + std::to_string(seed); }

  std::vector<fs::path> train_rows(int64_t seed) {
    std::vector<fs::path> runs;
    for (size_t row = 0; row < config_.rows.size() && !interrupted(); ++row) {
      const std::string what = config_.rows[row].first + ", seed " + std::to_string(seed);
      try {
        runs.push_back(train_row(row, seed, what));
      } catch (const Error& error) {
        if (interrupted()) throw;
        log_error(what + ": " + error.what());
        facts_.failed.push_back(what + ": " + error.what());
      }
      ++begun_;
    }
    return runs;
  }

  std::vector<RunResult> evaluate_rows(const std::vector<fs::path>& runs, int64_t seed) {
    std::vector<std::string> failed;
    std::vector<RunResult> out;
    try {
      if (!runs.empty()) out = evaluate(runs, config_.evaluation, out_ / folder(seed), &failed);
    } catch (const Error& error) {
      log_error(error.what());
      failed.push_back(error.what());
    }
    for (const std::string& problem : failed)
      facts_.failed.push_back(text("seed ", seed, ", evaluation: ", problem));
    return out;
  }

  fs::path train_row(size_t row, int64_t seed, const std::string& what) {
    RunConfig config = row_config(config_, row, profile_, seed);
    config.data.cache.clear();
    const std::string data = hex(hash64(config::dump(config.data) + config::dump(config.descriptors)));
    config.data.cache = (runs_ / "cache" / data).string();
    const fs::path run = runs_ / folder(seed) / config_.rows[row].first;
    make_way(run, config);
    // Rows of the same data are prepared once, also when they are trained already: the evaluation reads them.
    if (prepared_.insert(data).second) {
      render_missing(config.data);
      prepare(config.data, config.descriptors);
    }
    const double started = now_seconds();
    TrainOptions options;
    options.resume = fs::exists(run / "checkpoints" / "last.safetensors");
    options.accept = {"config"};  // which make_way has compared
    log_info(text(begun_ + 1, " of ", total(), ": ", what, ", ", run.string(), time_left()));
    train(config, run, options);
    seconds_ += now_seconds() - started, ++timed_;
    return run;
  }

  std::string time_left() const {
    if (!timed_) return "";
    return "; about " + duration_text(seconds_ / timed_ * double(total() - begun_)) + " left to train";
  }

  void write() const {
    make_folder(out_);
    write_file(out_ / "table.md", study_markdown(facts_, seeds_, config_.evaluation));
    write_file(out_ / "results.json", to_json(combine(seeds_, config_.evaluation), config_.evaluation));
    write_file(out_ / "index.html", study_page(facts_, seeds_, config_.evaluation));
    write_file(out_ / "objectives.html", objectives_page());
    log_info("wrote " + (out_ / "table.md").string() + ", results.json and index.html");
  }

  StudyConfig config_;
  std::string profile_;
  fs::path out_, runs_;
  StudyFacts facts_;
  SeedResults seeds_;
  std::set<std::string> prepared_;  // hashes of data configs
  size_t begun_ = 0;
  int timed_ = 0;  // of them
  double seconds_ = 0;
};

}  // namespace

void evaluate_study(const fs::path& file, const std::string& profile) {
  Study(file, profile).run();
}

void evaluate_studies(const std::vector<fs::path>& files, const std::string& profile, const fs::path& out) {
  const fs::path folder = out.empty() ? "runs" : out;
  std::vector<std::string> failed;
  std::vector<Study> studies;  // all read before one trains
  for (const fs::path& file : files) studies.emplace_back(file, profile);
  std::vector<StudySummary> summaries;
  for (Study& study : studies) {
    bool goes_on = true;
    try {
      goes_on = study.run();
    } catch (const Error& error) {
      if (interrupted()) throw;
      log_error(error.what());
      failed.push_back(error.what());
    }
    if (!goes_on) return;
    summaries.push_back(study.summary(folder));
    make_folder(folder);
    write_file(folder / "index.html", index_page(summaries));
    write_file(folder / "objectives.html", objectives_page());
  }
  log_info("wrote " + (folder / "index.html").string());
  if (!failed.empty()) fail(failed.size(), " of ", files.size(), " studies failed: ", failed[0]);
}

}  // namespace nr
