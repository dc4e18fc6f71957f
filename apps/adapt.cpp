// adapt RUN --source RECORDINGS --target RECORDINGS --out RUN2: style transfer without training, for a model with AdaIN
// slots.
#include <CLI/CLI.hpp>
#include <iostream>

#include "base/main.h"
#include "deploy/adapt.h"

int main(int argc, char** argv) {
  CLI::App app(
      "Gives a trained model's AdaIN slots the statistics of two sets of recordings: what sounds like the source then "
      "takes on the target.");
  nr::AdaptConfig config;
  app.add_option("run", config.run, "run folder or checkpoint of a model with slots")->required();
  app.add_option("--source", config.source, "recordings, or folders of them: what it will be played with")->required();
  app.add_option("--target", config.target, "recordings, or folders of them: what it shall sound like")->required();
  app.add_option("--out", config.out, "folder of the new run, for evaluate, export and so on")->required();
  CLI11_PARSE(app, argc, argv);
  return nr::run_main([&] { std::cout << nr::to_text(nr::adapt(config)); });
}
