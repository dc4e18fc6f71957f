#include "synth/presets.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <set>
#include <sstream>
#include <thread>

#include "audio/clip.h"
#include "base/error.h"
#include "base/files.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "base/names.h"
#include "base/parallel.h"
#include "config/writer.h"
#include "synth/folder.h"
#include "synth/similarity.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

constexpr float kSilent = 0.01f;  // of full scale
constexpr const char* kUnfinished = "recipe.part.yaml";

std::string problem_of(const std::vector<float>& samples, const std::vector<float>& again) {
  float peak = 0;
  for (const float sample : samples) peak = std::max(peak, std::abs(sample));
  if (peak < kSilent) return text("silent: its peak is ", peak, " of full scale");
  if (peak > 1) return text("clipped: its peak is ", peak, " of full scale");
  if (samples != again) return "not repeatable: the same values gave another sound the second time";
  return "";
}

using Workers = std::vector<std::unique_ptr<RenderProcess>>;

// Every item once, each worker one at a time. Stops between items on Ctrl-C.
void share_out(const Workers& workers, size_t items, const std::function<void(RenderProcess&, size_t)>& work) {
  std::atomic<size_t> next{0};
  parallel_for(workers.size(), [&](size_t w) {
    for (size_t i; !interrupted() && (i = next++) < items;) work(*workers[w], i);
  }, unsigned(workers.size()));
}

std::string parameters_text(const PresetSet& set, const SynthParameters& parameters) {
  std::string out = "name,kind,law,low,high,initial,unit,choices\n";
  for (const std::string& name : varied(set, parameters)) {
    const SynthParameter& p = parameters[index_of(parameters, name)];
    const char* kind = p.kind == SynthParameter::Kind::kContinuous ? "continuous"
                       : p.kind == SynthParameter::Kind::kInteger  ? "integer"
                                                                   : "choice";
    out += text(name, ",", kind, ",", p.law == SynthParameter::Law::kLogarithmic ? "logarithmic" : "linear", ",",
                config::print(p.low), ",", config::print(p.high), ",", config::print(p.initial), ",", p.unit, ",",
                join(p.choices, " "), "\n");
  }
  return out;
}

// Of an earlier run with the same recipe that was finished: how many sounds it has, and whether they are all there.
size_t sounds_there(const fs::path& out) {
  std::istringstream lines(read_file(out / "manifest.csv"));
  std::string line;
  std::getline(lines, line);
  size_t count = 0;
  for (; std::getline(lines, line); ++count)
    if (!fs::exists(out / line.substr(0, line.find(',')))) return 0;
  return count;
}

struct Outcomes {
  std::mutex guard;
  std::vector<std::string> problems;  // a job each; empty: rendered
  double peak = 0;
};

void render_jobs(const Workers& workers, const std::vector<Job>& jobs, const SynthNote& note, const fs::path& out,
                 Outcomes& outcomes) {
  Progress progress("render");
  size_t done = 0;
  share_out(workers, jobs.size(), [&](RenderProcess& worker, size_t i) {
    const Job& job = jobs[i];
    std::string problem;
    float peak = 0;
    if (!fs::exists(out / job.path)) {
      const auto& preset = std::get<Preset>(job.sound);
      const auto play = [&] { return worker.play(preset.values, note, uint64_t(preset.seed)); };
      const Rendering first = play(), second = first.problem.empty() ? play() : Rendering{};
      problem = !first.problem.empty()    ? first.problem
                : !second.problem.empty() ? second.problem
                                          : problem_of(first.samples, second.samples);
      for (const float sample : first.samples) peak = std::max(peak, std::abs(sample));
      if (problem.empty()) write_wav(out / job.path, first.samples, note.sample_rate);
    }
    const std::lock_guard<std::mutex> lock(outcomes.guard);
    outcomes.problems[i] = problem;
    if (problem.empty()) outcomes.peak = std::max<double>(outcomes.peak, peak);
    progress.update(double(++done) / double(jobs.size()), job.path);
  });
  if (done < jobs.size())
    fail("interrupted with ", done, " of ", jobs.size(), " presets done; the next run goes on from there");
  progress.done(text(jobs.size(), " presets"));
}

std::string floor_text(const Workers& workers, const std::vector<const Job*>& jobs, const SynthNote& note) {
  std::vector<std::string> lines(jobs.size());
  share_out(workers, jobs.size(), [&](RenderProcess& worker, size_t i) {
    const auto& preset = std::get<Preset>(jobs[i]->sound);
    const Rendering one = worker.play(preset.values, note, uint64_t(preset.seed)),
                    other = worker.play(preset.values, note, uint64_t(preset.seed) + 1);
    if (!one.problem.empty() || !other.problem.empty()) return;
    const SoundDistances d = compare_sounds(one.samples, other.samples, note.sample_rate);
    lines[i] = text(jobs[i]->path, ",", d.sc, ",", d.mse, ",", d.lm, ",", d.mss, ",", d.wmfcc, ",", d.sot, ",", d.rms,
                    "\n");
  });
  std::string out = "path,sc,mse,lm,mss,wmfcc,sot,rms\n";
  for (const std::string& line : lines) out += line;
  return out;
}

}  // namespace

SynthNote note_of(const Recipe& recipe) {
  const PresetSet& set = recipe.presets;
  return {set.key, set.velocity, set.held, set.seconds, recipe.sample_rate};
}

RenderReport render_presets(const Recipe& recipe, const fs::path& out, const RenderProcess::Make& make) {
  watch_interrupts();
  const PresetSet& set = recipe.presets;
  Workers workers(1);
  workers[0] = std::make_unique<RenderProcess>(make, set.limit);
  const Plan files = preset_plan(set, workers[0]->parameters(), workers[0]->shipped());
  const std::vector<Job>& jobs = files.lists[0];
  const SynthNote note = note_of(recipe);
  RenderReport report;
  const std::string made_by = text(config::dump(recipe), "# ", set.synth, " ", workers[0]->version(), "\n");
  if (fs::exists(out / "recipe.yaml") && fs::exists(out / "manifest.csv") && read_file(out / "recipe.yaml") == made_by)
    report.files = sounds_there(out);
  report.seconds = double(report.files) * set.seconds;
  report.up_to_date = report.files > 0;
  if (report.up_to_date) return report;

  std::set<std::string> wanted{"manifest.csv", "LICENCE.txt",  "recipe.yaml", "parameters.csv",
                               "floor.csv",    "rejected.csv", kUnfinished};
  for (const Job& job : jobs) wanted.insert(job.path);
  RenderedFolder folder(out);
  folder.claim(wanted);
  fs::remove(out / "recipe.yaml");  // comes back last: a run that was cut short is never taken for a whole one
  if (!fs::exists(out / kUnfinished) || read_file(out / kUnfinished) != made_by) folder.remove_all_but({});
  folder.claim(wanted);
  write_file(out / kUnfinished, made_by);

  while (workers.size() < std::max(1u, std::thread::hardware_concurrency()))
    workers.push_back(std::make_unique<RenderProcess>(make, set.limit));
  Outcomes outcomes;
  outcomes.problems.resize(jobs.size());
  render_jobs(workers, jobs, note, out, outcomes);
  std::string manifest = files.columns + "\n", rejected = "path,reason\n";
  std::vector<const Job*> kept;
  for (size_t i = 0; i < jobs.size(); ++i) {
    if (outcomes.problems[i].empty()) {
      manifest += jobs[i].path + "," + jobs[i].labels + "\n";
      kept.push_back(&jobs[i]);
    } else {
      std::replace(outcomes.problems[i].begin(), outcomes.problems[i].end(), ',', ';');  // one cell
      rejected += jobs[i].path + "," + outcomes.problems[i] + "\n";
      report.rejected.emplace_back(jobs[i].path, outcomes.problems[i]);
    }
  }
  if (kept.empty())
    fail(set.synth, ": none of ", jobs.size(), " presets can be used; the first: ", report.rejected[0].second);
  report.files = kept.size(), report.seconds = double(kept.size()) * set.seconds, report.peak = outcomes.peak;
  kept.resize(std::min(kept.size(), size_t(set.floor)));
  write_file(out / "floor.csv", floor_text(workers, kept, note));
  write_file(out / "manifest.csv", manifest);
  write_file(out / "rejected.csv", rejected);
  write_file(out / "parameters.csv", parameters_text(set, workers[0]->parameters()));
  write_file(out / "LICENCE.txt", text("Rendered by the synthesizer ", set.synth, ", version ", workers[0]->version(),
                                       " (recipe.yaml). Without any rights reserved.\n"));
  write_file(out / "recipe.yaml", made_by);
  fs::remove(out / kUnfinished);
  return report;
}

}  // namespace nr
