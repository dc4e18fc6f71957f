// adapt RUN --source RECORDINGS --target RECORDINGS --out RUN2: style transfer without training, for a model with AdaIN
// slots.
#include "generation/adapt.h"

#include <iostream>

#include "base/main.h"
#include "config/command_line.h"

int main(int argc, char** argv) {
  CLI::App app(
      "Gives a trained model's AdaIN slots the statistics of two sets of recordings: what sounds like the source then "
      "takes on the target.");
  nr::AdaptConfig config;
  nr::config::add_options(app, config, {"run", "--source", "--target", "--out"});
  CLI11_PARSE(app, argc, argv);
  return nr::run_main([&] { std::cout << nr::to_text(nr::adapt(config)); });
}
