// evaluate RUN [RUN ...]: an honest table, and a page to read and hear.
#include "evaluation/evaluate.h"

#include <string>

#include "base/main.h"
#include "config/command_line.h"

int main(int argc, char** argv) {
  CLI::App app{"Measures trained runs on their test clips: writes results.json, table.md and report.html"};
  std::vector<std::string> runs;
  std::string out;
  nr::EvaluationConfig config;
  app.add_option("runs", runs, "Run folders or checkpoints; several give one table, compared with the first")->required();
  app.add_option("--out", out, "Folder of the results (default: evaluation/ in the first run)");
  nr::config::add_options(app, config);
  CLI11_PARSE(app, argc, argv);
  return nr::run_main([&] { nr::evaluate({runs.begin(), runs.end()}, config, out); });
}
