// evaluate RUN [RUN ...]: an honest table, and a page to read and hear.
#include "evaluation/evaluate.h"

#include <CLI/CLI.hpp>
#include <string>

#include "base/main.h"
#include "base/openmp.h"

int main(int argc, char** argv) {
  nr::limit_openmp_spinning(argv);
  CLI::App app{"Measures trained runs on their test clips: writes results.json, table.md and report.html"};
  std::vector<std::string> runs;
  std::string out;
  nr::EvaluationConfig config;
  app.add_option("runs", runs, "Run folders or checkpoints; several give one table, compared with the first")->required();
  app.add_option("--out", out, "Folder of the results (default: evaluation/ in the first run)");
  app.add_option("--clips", config.clips, "Test clips used, drawn by the seed; 0: all")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--seconds", config.seconds, "Longest part of a clip used")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--bootstrap", config.bootstrap, "Resamples of the intervals")->check(CLI::Range(100, 1000000))->capture_default_str();
  app.add_option("--seed", config.seed, "Of donors and intervals")->capture_default_str();
  app.add_option("--examples", config.examples, "Clips to hear in the report")->check(CLI::Range(0, 20))->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return nr::run_main([&] { nr::evaluate({runs.begin(), runs.end()}, config, out); });
}
