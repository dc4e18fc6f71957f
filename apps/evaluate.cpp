// evaluate RUN [RUN ...], or evaluate STUDY.yaml, which trains what is missing: an honest table, and a page to read and
// hear.
#include "evaluation/evaluate.h"

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
                 "of the table's rows, which are trained where they are not yet")
      ->required();
  app.add_option("--out", out, "Folder of the results (default: evaluation/ in the first run)");
  app.add_option("--profile", profile, "Of a study: how its rows are trained (default: the first one in the file)");
  std::vector<std::string> answers;
  bool watches = false;
  app.add_flag("--watch", watches, "Evaluate the run again whenever its training has saved, until Ctrl-C");
  app.add_option("--answers", answers,
                 "Answers to a listening test, files that listening.html saved; RUN is then the folder of its "
                 "listening.json, and nothing is evaluated");
  nr::config::add_options(app, config);
  CLI11_PARSE(app, argc, argv);
  return nr::run_main([&] {
    const bool study = runs.size() == 1 && runs[0].size() > 5 && runs[0].substr(runs[0].size() - 5) == ".yaml";
    if ((watches || !answers.empty()) && runs.size() != 1)
      nr::fail("--watch and --answers: expected one folder, found ", runs.size());
    if (!answers.empty()) std::cout << nr::listening_table(runs[0], answers);
    else if (watches) nr::watch(runs[0], config, out, wait_seconds);
    else if (study) nr::evaluate_study(runs[0], profile);
    else nr::evaluate({runs.begin(), runs.end()}, config, out);
  });
}
