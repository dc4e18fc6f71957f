// Numbers of notes: distances of spectrograms, and how well classes are found.
#pragma once
#include <torch/types.h>

#include <set>
#include <vector>

namespace nr {

// Of each of n notes; magnitudes [n, mels, frames].
// Root of the mean over frames of the mean square difference over bands in dB, both floored 80 dB below the target's
// maximum: the log-spectral distance.
std::vector<double> log_spectral_distances(const torch::Tensor& target, const torch::Tensor& made);
// | target - made | / | target |.
std::vector<double> spectral_convergences(const torch::Tensor& target, const torch::Tensor& made);

// The root of the mean square difference of each note, of any numbers.
std::vector<double> root_mean_squares(const torch::Tensor& target, const torch::Tensor& made);

// Mean over the classes that occur, as asked or as found, of F1. The values' mean is that of the set and their spread
// its uncertainty (jackknife pseudo-values).
std::vector<double> macro_f1_values(const std::vector<int64_t>& asked, const std::vector<int64_t>& found,
                                    int64_t classes);
// The same where an example may have several classes or none, such as the effects of a chain.
std::vector<double> macro_f1_values(const std::vector<std::set<int64_t>>& asked,
                                    const std::vector<std::set<int64_t>>& found, int64_t classes);

}  // namespace nr
