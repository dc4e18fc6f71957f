#include "synth/cma_es.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "support/errors.h"

namespace nr {
namespace {

TEST(SymmetricEigen, GivesTheMatrixBack) {
  const size_t n = 6;
  Random random(3);
  std::vector<double> a(n * n), axes;
  for (size_t i = 0; i < n; ++i)
    for (size_t j = 0; j <= i; ++j) a[i * n + j] = a[j * n + i] = random.normal();
  const std::vector<double> values = symmetric_eigen(a, n, axes);
  for (size_t i = 0; i < n; ++i)
    for (size_t j = 0; j < n; ++j) {
      double again = 0, product = 0;
      for (size_t k = 0; k < n; ++k) {
        again += axes[i * n + k] * values[k] * axes[j * n + k];
        product += axes[k * n + i] * axes[k * n + j];
      }
      EXPECT_NEAR(again, a[i * n + j], 1e-10);
      EXPECT_NEAR(product, i == j, 1e-10);
    }
}

// Calls until the cost is below 1e-8.
int calls_for(const std::function<double(const std::vector<double>&)>& cost, const std::vector<double>& start) {
  CmaEs search(start, 0.5, 1);
  for (int calls = 0; calls < 20000;) {
    std::vector<double> costs;
    for (const auto& x : search.candidates()) {
      costs.push_back(cost(x)), ++calls;
      if (costs.back() < 1e-8) return calls;
    }
    search.rank(costs);
  }
  return 20000;
}

// Of condition 10^6, and Rosenbrock's.
TEST(CmaEs, LearnsTheShapeOfAnEllipsoidAndAValley) {
  const auto ellipsoid = [](const std::vector<double>& x) {
    double sum = 0;
    for (size_t i = 0; i < x.size(); ++i) sum += std::pow(1e6, double(i) / double(x.size() - 1)) * x[i] * x[i];
    return sum;
  };
  const auto rosenbrock = [](const std::vector<double>& x) {
    double sum = 0;
    for (size_t i = 0; i + 1 < x.size(); ++i)
      sum += 100 * std::pow(x[i + 1] - x[i] * x[i], 2) + std::pow(1 - x[i], 2);
    return sum;
  };
  EXPECT_LT(calls_for(ellipsoid, std::vector<double>(10, 1)), 9000);
  EXPECT_LT(calls_for(rosenbrock, std::vector<double>(5, 0)), 5000);
}

TEST(SearchBox, KeepsInsideItsBudgetAndItsBox) {
  const std::vector<double> wanted{0, 0.3, 0.9, 0.5};
  int calls = 0;
  const auto costs = [&](const std::vector<std::vector<double>>& xs) {
    std::vector<double> out;
    for (const auto& x : xs) {
      ++calls;
      double sum = 0;
      for (size_t i = 0; i < x.size(); ++i) {
        EXPECT_GE(x[i], 0);
        EXPECT_LE(x[i], 1);
        sum += std::abs(x[i] - wanted[i]);
      }
      out.push_back(calls % 7 ? sum : std::numeric_limits<double>::quiet_NaN());  // what could not be rendered
    }
    return out;
  };
  const std::vector<double> start{0.5, 0.5, 0.5, 0.5};
  const Found found = search_box(start, 0.1, 150, 2, costs);
  EXPECT_EQ(calls, 150);
  EXPECT_LT(found.cost, 0.1);
  calls = 0;
  EXPECT_EQ(search_box(start, 0.1, 1, 2, costs).x, start);
  EXPECT_EQ(calls, 1);
}

TEST(SearchBox, KeepsTheStartWhereNothingIsBetter) {
  const std::vector<double> start{0.2, 0.8};
  const auto distance = [&](const std::vector<std::vector<double>>& xs) {
    std::vector<double> out;
    for (const auto& x : xs) out.push_back(std::hypot(x[0] - start[0], x[1] - start[1]));
    return out;
  };
  const Found found = search_box(start, 0.1, 60, 3, distance);
  EXPECT_EQ(found.x, start);
  EXPECT_EQ(found.cost, 0);
}

TEST(CmaEs, RefusesWhatItCannotUse) {
  EXPECT_THAT(error_of([] { CmaEs({}, 0.1, 1); }), testing::HasSubstr("no dimension"));
  CmaEs search({0, 0}, 0.1, 1);
  search.candidates();
  EXPECT_THAT(error_of([&] { search.rank({1}); }), testing::HasSubstr("got 1 costs"));
}

}  // namespace
}  // namespace nr
