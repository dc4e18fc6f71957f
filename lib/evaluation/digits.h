// Variational autoencoders of digits, over sizes of the latent and weights of the KL, with and without a warm-up. Each
// is trained anew, and all are measured on the same test digits. Torch-free.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "config/checks.h"

namespace nr {

struct DigitsConfig {
  int64_t seed = 1;
  std::string train, test;  // IDX files of images, such as MNIST's; empty: drawn by strokes
  int train_digits = 5000, test_digits = 500;  // drawn, or used of the files
  int hidden = 500;
  int batch = 100, steps = 4000;
  double lr = 0.001;  // Adam; the article has Adagrad
  std::vector<int> latent_sizes{2, 3, 5, 10, 20, 200};  // with a weight of 1
  std::vector<double> betas{0, 0.25, 0.5, 1, 2, 4};     // weights of the KL, with `latent_size`
  int latent_size = 20;
  int warm_up = 2000;  // steps in which the weight rises from 0 to 1, of one more model
  int bootstrap = 1000;

  template <class V>
  void fields(V& v) {
    v("seed", seed, config::at_least(0));
    v("train", train);
    v("test", test);
    v("train_digits", train_digits, config::between(10, 1000000));
    v("test_digits", test_digits, config::between(10, 100000));
    v("hidden", hidden, config::between(1, 16384));
    v("batch", batch, config::between(1, 4096));
    v("steps", steps, config::at_least(1));
    v("lr", lr, config::between(1e-7, 1));
    v("latent_sizes", latent_sizes, config::between(1, 4096));
    v("betas", betas, config::between(0, 1000));
    v("latent_size", latent_size, config::between(1, 4096));
    v("warm_up", warm_up, config::at_least(0));
    v("bootstrap", bootstrap, config::between(100, 1000000));
  }
};

// Writes results.json, table.md and report.html into `out`. Error for a file that is no IDX file of images, or of other
// sizes than the other.
void study_digits(const DigitsConfig& config, const std::filesystem::path& out);

}  // namespace nr
