// digits CONFIG.yaml --out DIR: variational autoencoders of MNIST, or of digits drawn by strokes, and their table.
#include "evaluation/digits.h"

#include <string>

#include "base/main.h"
#include "base/openmp.h"
#include "config/command_line.h"
#include "config/reader.h"

int main(int argc, char** argv) {
  nr::limit_openmp_spinning(argv);
  CLI::App app{"Trains variational autoencoders of digits: writes results.json, table.md and report.html"};
  std::string file, out;
  std::vector<std::string> settings;
  app.add_option("config", file, "YAML file, such as configs/effects/digits.yaml")->required();
  app.add_option("--out", out, "Folder of the results")->required();
  app.add_option("--set", settings, "change a field: steps=100")->allow_extra_args(false);
  CLI11_PARSE(app, argc, argv);
  return nr::run_main([&] {
    nr::config::Value root = nr::config::load(file);
    for (const std::string& setting : settings) nr::config::set(root, setting);
    nr::study_digits(nr::config::read<nr::DigitsConfig>(root), out);
  });
}
