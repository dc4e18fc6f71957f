#include <gmock/gmock.h>

#include <cmath>

#include "nn/flows/layers.h"
#include "support/errors.h"

namespace nr {
namespace {

constexpr int64_t kD = 8;

using Make = std::function<std::shared_ptr<Flow>()>;

std::shared_ptr<Flow> chain(const std::string& kind) {
  return make_flow({kind, 3, 16}, kD, 5);
}

const std::vector<std::pair<std::string, Make>>& flows() {
  using Form = AutoregressiveFlow::Form;
  static const std::vector<std::pair<std::string, Make>> all{
      {"planar", [] { return std::make_shared<PlanarFlow>(kD); }},
      {"coupling", [] { return std::make_shared<CouplingFlow>(kD, 16); }},
      {"maf", [] { return std::make_shared<AutoregressiveFlow>(Form::kAffine, kD, 16); }},
      {"iaf", [] { return std::make_shared<AutoregressiveFlow>(Form::kGated, kD, 16); }},
      {"sylvester", [] { return std::make_shared<SylvesterFlow>(kD); }},
      {"sigmoidal", [] { return std::make_shared<SigmoidalFlow>(kD, 16); }},
      {"iaf_narrow", [] { return std::make_shared<AutoregressiveFlow>(Form::kNarrow, kD, 16); }},
      {"batch_norm", [] { return std::make_shared<BatchNormFlow>(kD); }},
      {"permutation",
       [] { return std::make_shared<PermutationFlow>(std::vector<int64_t>{3, 1, 0, 2, 7, 6, 4, 5}); }},
      {"sigmoid", [] { return std::make_shared<SigmoidFlow>(); }},
      {"planar_chain", [] { return chain("planar"); }},
      {"coupling_chain", [] { return chain("coupling"); }},
      {"maf_chain", [] { return chain("maf"); }},
      {"iaf_chain", [] { return chain("iaf"); }},
      {"sylvester_chain", [] { return chain("sylvester"); }},
      {"sigmoidal_chain", [] { return chain("sigmoidal"); }},
  };
  return all;
}

// In double precision, with weights far from where they begin, in evaluation mode.
std::shared_ptr<Flow> shaken(const Make& make) {
  torch::manual_seed(3);
  auto flow = make();
  flow->to(torch::kDouble);
  const torch::NoGradGuard no_grad;
  for (torch::Tensor& p : flow->parameters()) p.add_(0.4 * torch::randn_like(p));
  for (const auto& buffer : flow->named_buffers())
    if (buffer.key().find("variance") != std::string::npos) torch::Tensor(buffer.value()).uniform_(0.5, 2);
  flow->eval();
  return flow;
}

class EveryFlow : public testing::TestWithParam<size_t> {};

TEST_P(EveryFlow, IsTakenBackByItsInverse) {
  const auto flow = shaken(flows()[GetParam()].second);
  const torch::NoGradGuard no_grad;
  const auto x = torch::randn({5, kD}, torch::kDouble);
  const Mapped there = flow->forward(x), back = flow->inverse(there.value);
  EXPECT_LT((back.value - x).abs().max().item<double>(), 1e-6);
  EXPECT_LT((back.log_det + there.log_det).abs().max().item<double>(), 1e-6);
  if (flows()[GetParam()].first != "permutation") {
    EXPECT_GT((there.value - x).abs().max().item<double>(), 0.1) << "not the identity";
    EXPECT_GT(there.log_det.abs().max().item<double>(), 0.01);
  }
}

TEST_P(EveryFlow, HasTheLogDeterminantOfItsJacobian) {
  const auto flow = shaken(flows()[GetParam()].second);
  for (int example = 0; example < 3; ++example) {
    const auto x = torch::randn({1, kD}, torch::kDouble).requires_grad_(true);
    const Mapped y = flow->forward(x);
    std::vector<torch::Tensor> rows;
    for (int64_t i = 0; i < kD; ++i)
      rows.push_back(torch::autograd::grad({y.value[0][i]}, {x}, {}, true, false, true)[0].reshape({kD}));
    const double wanted = std::get<1>(torch::linalg_slogdet(torch::stack(rows))).item<double>();
    EXPECT_NEAR(y.log_det.item<double>(), wanted, 1e-6);
  }
}

INSTANTIATE_TEST_SUITE_P(Flows, EveryFlow, testing::Range<size_t>(0, flows().size()),
                         [](const auto& info) { return flows()[info.param].first; });

TEST(Made, SeesOnlyWhatComesBefore) {
  torch::manual_seed(1);
  Made made(6, 20);
  auto x = torch::randn({1, 6}).requires_grad_(true);
  const auto [m, s] = made.forward(x);
  for (int64_t i = 0; i < 6; ++i) {
    const auto gradient = torch::autograd::grad({m[0][i] + s[0][i]}, {x}, {}, true, false, true)[0][0];
    for (int64_t j = 0; j < 6; ++j)
      EXPECT_EQ(gradient[j].item<float>() != 0, j < i) << "output " << i << " and input " << j;
  }
}

TEST(BatchNormFlow, NormalisesItsBatchAndLearnsItsStatistics) {
  BatchNormFlow flow(2);
  const auto x = torch::randn({4000, 2}) * torch::tensor({3.f, 0.5f}) + torch::tensor({-1.f, 2.f});
  for (int i = 0; i < 200; ++i) flow.forward(x);
  flow.eval();
  const auto y = flow.forward(x).value;
  EXPECT_NEAR(y.mean().item<double>(), 0, 1e-3);
  EXPECT_NEAR(y.var(0)[0].item<double>(), 1, 5e-3);
  EXPECT_NEAR(flow.forward(x).log_det[0].item<double>(), -std::log(1.5), 0.05);
}

TEST(Flows, RefuseACouplingOfOneDimension) {
  EXPECT_THAT(error_of([] { make_flow({"coupling", 2, 8}, 1, 1); }), testing::HasSubstr("needs 2 dimensions, found 1"));
}

// A bent Gaussian: one of its covariance is what a flow must beat.
torch::Tensor banana(int64_t n) {
  const auto along = torch::randn({n});
  return torch::stack({along, along.square() + 0.3 * torch::randn({n})}, 1);
}

double gain_over_gaussian(const FlowConfig& config, int steps) {
  torch::manual_seed(2);
  const auto flow = make_flow(config, 2, 1);
  torch::optim::Adam adam(flow->parameters(), torch::optim::AdamOptions(5e-3));
  const auto nats = [&](const torch::Tensor& x) {
    const Mapped y = flow->forward(x);
    return -(log_unit_normal(y.value) + y.log_det).mean();
  };
  for (int i = 0; i < steps; ++i) {
    adam.zero_grad();
    nats(banana(128)).backward();
    adam.step();
  }
  flow->eval();
  const torch::NoGradGuard no_grad;
  const auto test = banana(4000), centred = test - test.mean(0);
  const double gaussian = torch::logdet(torch::matmul(centred.t(), centred) / 4000).item<double>() / 2 +
                          std::log(2 * M_PI) + 1;
  return gaussian - nats(test).item<double>();
}

TEST(Flows, LearnABananaBetterThanAGaussianDoes) {
  EXPECT_GT(gain_over_gaussian({"planar", 16, 32}, 250), 0.3);
  EXPECT_GT(gain_over_gaussian({"sylvester", 12, 32}, 250), 0.3);
  for (const char* kind : {"coupling", "maf", "iaf", "sigmoidal"})
    EXPECT_GT(gain_over_gaussian({kind, 6, 32}, 150), 0.3) << kind;
}

}  // namespace
}  // namespace nr
