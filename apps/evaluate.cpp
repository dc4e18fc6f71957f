// evaluate RUN [RUN ...], or evaluate STUDY.yaml, which trains what is missing: an honest table, and a page to read and
// hear.
#include "evaluation/evaluate.h"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <string>
#include <thread>

#include "base/error.h"
#include "base/main.h"
#include "base/openmp.h"
#include "config/command_line.h"
#include "evaluation/listening.h"
#include "evaluation/results.h"
#include "evaluation/watch.h"
#include "study/study.h"

namespace {

bool wait_seconds() {
  std::this_thread::sleep_for(std::chrono::seconds(5));
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  nr::limit_openmp_spinning(argv);
  CLI::App app{"Measures trained runs on their test clips: writes results.json, table.md and report.html"};
  std::vector<std::string> runs;
  std::string out, profile;
  nr::EvaluationConfig config;
  app.add_option("runs", runs,
                 "Run folders or checkpoints; several give one table, compared with the first. Or a study: a YAML file "
                 "of the table's rows, which are trained where they are not yet; several get an index of their pages")
      ->required();
  app.add_option("--out", out,
                 "Folder of the results (default: evaluation/ in the first run), or of several studies' index (runs)");
  app.add_option("--profile", profile, "Of a study: how its rows are trained (default: the first one in the file)");
  std::vector<std::string> answers;
  bool watches = false;
  app.add_flag("--watch", watches,
               "Evaluate the run on its validation clips, again whenever its training has saved, until Ctrl-C");
  app.add_option("--answers", answers,
                 "Answers to a listening test, files that listening.html saved; RUN is then the folder of its "
                 "listening.json, and nothing is evaluated");
  nr::config::add_options(app, config);
  CLI11_PARSE(app, argc, argv);
  return nr::run_main([&] {
    const auto is_study = [](const std::string& run) {
      return run.size() > 5 && run.substr(run.size() - 5) == ".yaml";
    };
    const bool studies = std::all_of(runs.begin(), runs.end(), is_study);
    if (!studies && std::any_of(runs.begin(), runs.end(), is_study))
      nr::fail("expected studies (files that end in .yaml) or runs, not both");
    for (const CLI::Option* given : app.get_options([](const CLI::Option* o) { return o->count() > 0; })) {
      const std::string name = given->get_name();
      const bool used = studies ? name == "runs" || name == "--profile" || (name == "--out" && runs.size() > 1)
                                : name != "--profile";
      if (used) continue;
      nr::fail(name, studies ? ": not with a study, whose file says it (`out`, `evaluation`)" : ": only with a study");
    }
    if ((watches || !answers.empty()) && runs.size() != 1)
      nr::fail("--watch and --answers: expected one folder, found ", runs.size());
    if (!answers.empty()) std::cout << nr::listening_table(runs[0], answers);
    else if (watches) nr::watch(runs[0], config, out, wait_seconds);
    else if (studies && runs.size() > 1) nr::evaluate_studies({runs.begin(), runs.end()}, profile, out);
    else if (studies) nr::evaluate_study(runs[0], profile);
    else nr::evaluate({runs.begin(), runs.end()}, config, out);
  });
}
