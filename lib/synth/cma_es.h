// CMA-ES: search for the least value of a function of which only values are known (Hansen, The CMA evolution strategy:
// a tutorial, arXiv:1604.00772; names and constants as there, with negative weights left out).
#pragma once
#include <functional>
#include <vector>

#include "base/random.h"

namespace nr {

class CmaEs {
 public:
  // Begins around `mean` with that standard deviation in every direction.
  CmaEs(std::vector<double> mean, double deviation, uint64_t seed);

  // The next generation, at least 4; the same until rank() is called.
  const std::vector<std::vector<double>>& candidates();
  // A cost for each candidate; what is not finite counts as worst.
  void rank(const std::vector<double>& costs);
  double deviation() const { return sigma_; }

 private:
  void decompose();

  size_t n_, lambda_, mu_;
  std::vector<double> weights_;
  double mu_eff_, c_sigma_, d_sigma_, c_c_, c_1_, c_mu_, chi_, sigma_;
  Random random_;
  int generation_ = 0;
  std::vector<double> mean_, path_sigma_, path_c_;
  std::vector<double> covariance_, axes_, lengths_;  // [n][n]; eigenvectors as columns; roots of the eigenvalues
  std::vector<std::vector<double>> steps_, candidates_;  // (x - mean) / sigma; x
};

// From a start inside [0, 1]^n, by at most `budget` calls for one vector each; vectors beyond the box are mirrored into
// it. `costs` gets a generation at once. -> the best vector, the start itself where nothing is better.
struct Found {
  std::vector<double> x;
  double cost;
};
using Costs = std::function<std::vector<double>(const std::vector<std::vector<double>>&)>;
Found search_box(const std::vector<double>& start, double deviation, int budget, uint64_t seed, const Costs& costs);

// Eigenvalues of a symmetric matrix [n][n], and its eigenvectors as columns of `axes`, by Jacobi's rotations.
std::vector<double> symmetric_eigen(std::vector<double> matrix, size_t n, std::vector<double>& axes);

}  // namespace nr
