#include "synth/cma_es.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.h"

namespace nr {
namespace {

double length_of(const std::vector<double>& v) {
  return std::sqrt(std::inner_product(v.begin(), v.end(), v.begin(), 0.0));
}

// Into [0, 1] by reflection at its ends.
double mirrored(double x) {
  const double along = std::fmod(std::abs(x), 2.0);
  return along > 1 ? 2 - along : along;
}

}  // namespace

std::vector<double> symmetric_eigen(std::vector<double> a, size_t n, std::vector<double>& axes) {
  axes.assign(n * n, 0);
  for (size_t i = 0; i < n; ++i) axes[i * n + i] = 1;
  for (int sweep = 0; sweep < 50; ++sweep) {
    double off = 0, all = 0;
    for (size_t i = 0; i < n; ++i)
      for (size_t j = 0; j < n; ++j) (i == j ? all : off) += a[i * n + j] * a[i * n + j];
    if (off <= 1e-24 * all) break;
    for (size_t p = 0; p + 1 < n; ++p)
      for (size_t q = p + 1; q < n; ++q) {
        if (a[p * n + q] == 0) continue;
        const double theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
        const double t = (theta < 0 ? -1 : 1) / (std::abs(theta) + std::sqrt(theta * theta + 1));
        const double c = 1 / std::sqrt(t * t + 1), s = t * c;
        for (size_t k = 0; k < n; ++k) {
          const double kp = a[k * n + p], kq = a[k * n + q];
          a[k * n + p] = c * kp - s * kq, a[k * n + q] = s * kp + c * kq;
        }
        for (size_t k = 0; k < n; ++k) {
          const double pk = a[p * n + k], qk = a[q * n + k];
          a[p * n + k] = c * pk - s * qk, a[q * n + k] = s * pk + c * qk;
        }
        for (size_t k = 0; k < n; ++k) {
          const double kp = axes[k * n + p], kq = axes[k * n + q];
          axes[k * n + p] = c * kp - s * kq, axes[k * n + q] = s * kp + c * kq;
        }
      }
  }
  std::vector<double> values;
  for (size_t i = 0; i < n; ++i) values.push_back(a[i * n + i]);
  return values;
}

CmaEs::CmaEs(std::vector<double> mean, double deviation, uint64_t seed)
    : n_(mean.size()), sigma_(deviation), random_(seed, 17), mean_(std::move(mean)) {
  if (n_ == 0) fail("a search over no dimension");
  const double n = double(n_);
  lambda_ = size_t(4 + std::floor(3 * std::log(n))), mu_ = lambda_ / 2;
  for (size_t i = 0; i < mu_; ++i) weights_.push_back(std::log((double(lambda_) + 1) / 2) - std::log(double(i) + 1));
  const double sum = std::accumulate(weights_.begin(), weights_.end(), 0.0);
  double squares = 0;
  for (double& w : weights_) w /= sum, squares += w * w;
  mu_eff_ = 1 / squares;
  c_sigma_ = (mu_eff_ + 2) / (n + mu_eff_ + 5);
  d_sigma_ = 1 + 2 * std::max(0.0, std::sqrt((mu_eff_ - 1) / (n + 1)) - 1) + c_sigma_;
  c_c_ = (4 + mu_eff_ / n) / (n + 4 + 2 * mu_eff_ / n);
  c_1_ = 2 / ((n + 1.3) * (n + 1.3) + mu_eff_);
  c_mu_ = std::min(1 - c_1_, 2 * (mu_eff_ - 2 + 1 / mu_eff_) / ((n + 2) * (n + 2) + mu_eff_));
  chi_ = std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
  path_sigma_.assign(n_, 0), path_c_.assign(n_, 0), covariance_.assign(n_ * n_, 0);
  for (size_t i = 0; i < n_; ++i) covariance_[i * n_ + i] = 1;
  decompose();
}

void CmaEs::decompose() {
  lengths_ = symmetric_eigen(covariance_, n_, axes_);
  for (double& value : lengths_) value = std::sqrt(std::max(value, 1e-20));
}

const std::vector<std::vector<double>>& CmaEs::candidates() {
  if (!candidates_.empty()) return candidates_;
  steps_.assign(lambda_, std::vector<double>(n_, 0));
  for (std::vector<double>& step : steps_) {
    for (size_t k = 0; k < n_; ++k) {
      const double along = lengths_[k] * random_.normal();
      for (size_t i = 0; i < n_; ++i) step[i] += axes_[i * n_ + k] * along;
    }
    candidates_.push_back(mean_);
    for (size_t i = 0; i < n_; ++i) candidates_.back()[i] += sigma_ * step[i];
  }
  return candidates_;
}

void CmaEs::rank(const std::vector<double>& costs) {
  if (costs.size() != candidates_.size()) fail("a search got ", costs.size(), " costs, expected ", candidates_.size());
  const auto cost = [&](size_t i) {
    return std::isfinite(costs[i]) ? costs[i] : std::numeric_limits<double>::infinity();
  };
  std::vector<size_t> order(lambda_);
  std::iota(order.begin(), order.end(), size_t(0));
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return cost(a) < cost(b); });

  std::vector<double> moved(n_, 0), whitened(n_, 0);  // y_w, C^(-1/2) y_w
  for (size_t r = 0; r < mu_; ++r)
    for (size_t i = 0; i < n_; ++i) moved[i] += weights_[r] * steps_[order[r]][i];
  for (size_t k = 0; k < n_; ++k) {
    double along = 0;
    for (size_t i = 0; i < n_; ++i) along += axes_[i * n_ + k] * moved[i];
    for (size_t i = 0; i < n_; ++i) whitened[i] += axes_[i * n_ + k] * along / lengths_[k];
  }
  ++generation_;
  for (size_t i = 0; i < n_; ++i) {
    mean_[i] += sigma_ * moved[i];
    path_sigma_[i] = (1 - c_sigma_) * path_sigma_[i] + std::sqrt(c_sigma_ * (2 - c_sigma_) * mu_eff_) * whitened[i];
  }
  const double length = length_of(path_sigma_);
  const bool steady = length / std::sqrt(1 - std::pow(1 - c_sigma_, 2 * generation_)) <
                      (1.4 + 2 / (double(n_) + 1)) * chi_;
  for (size_t i = 0; i < n_; ++i)
    path_c_[i] = (1 - c_c_) * path_c_[i] + (steady ? std::sqrt(c_c_ * (2 - c_c_) * mu_eff_) * moved[i] : 0);
  const double kept = 1 - c_1_ - c_mu_ + (steady ? 0 : c_1_ * c_c_ * (2 - c_c_));
  for (size_t i = 0; i < n_; ++i)
    for (size_t j = 0; j < n_; ++j) {
      double spread = 0;
      for (size_t r = 0; r < mu_; ++r) spread += weights_[r] * steps_[order[r]][i] * steps_[order[r]][j];
      double& c = covariance_[i * n_ + j];
      c = kept * c + c_1_ * path_c_[i] * path_c_[j] + c_mu_ * spread;
    }
  sigma_ *= std::exp(std::min(1.0, c_sigma_ / d_sigma_ * (length / chi_ - 1)));
  decompose();
  candidates_.clear();
}

Found search_box(const std::vector<double>& start, double deviation, int budget, uint64_t seed, const Costs& costs) {
  Found best{start, std::numeric_limits<double>::infinity()};
  if (budget < 1) return best;
  const double first = costs({start}).at(0);
  if (std::isfinite(first)) best.cost = first;
  if (start.empty()) return best;
  CmaEs search(start, deviation, seed);
  for (int left = budget - 1; left > 0;) {
    std::vector<std::vector<double>> tried = search.candidates();
    for (std::vector<double>& x : tried)
      for (double& v : x) v = mirrored(v);
    if (int(tried.size()) > left) tried.resize(size_t(left));
    const std::vector<double> found = costs(tried);
    for (size_t i = 0; i < tried.size(); ++i)
      if (found.at(i) < best.cost) best = {tried[i], found[i]};
    left -= int(tried.size());
    if (left > 0) search.rank(found);
  }
  return best;
}

}  // namespace nr
