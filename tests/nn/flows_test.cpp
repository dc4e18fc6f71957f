#include <gmock/gmock.h>

#include <cmath>

#include "nn/flows/amortised.h"
#include "nn/flows/layers.h"
#include "support/errors.h"

namespace nr {
namespace {

constexpr int64_t kD = 8;

using Make = std::function<std::shared_ptr<Flow>()>;

std::shared_ptr<FlowChain> chain(const std::string& kind) {
  return make_flow({kind, 3, 16}, kD, 5);
}

// A chain whose weights a network gives: of every example others, of latents near one another.
class OfANetwork : public Flow {
 public:
  explicit OfANetwork(const std::string& kind) : flow_(register_module("flow", chain(kind))), network_(flow_, 3) {
    network_.to(torch::kDouble), network_.eval();  // not registered: 512 units of weights that large would explode
    const torch::NoGradGuard no_grad;
    for (torch::Tensor& p : network_.parameters()) p.add_(0.02 * torch::randn_like(p));
  }
  Mapped forward(const torch::Tensor& x) override { return given(x).forward(x); }
  Mapped inverse(const torch::Tensor& y) override { return given(y).inverse(y); }

 private:
  FlowChain& given(const torch::Tensor& x) {
    network_.give(torch::linspace(-1, 1, x.size(0) * 3, torch::kDouble).reshape({x.size(0), 3}));
    return *flow_;
  }
  std::shared_ptr<FlowChain> flow_;
  WeightNetwork network_;
};

const std::vector<std::pair<std::string, Make>>& flows() {
  using Form = AutoregressiveFlow::Form;
  static const std::vector<std::pair<std::string, Make>> all{
      {"planar", [] { return std::make_shared<PlanarFlow>(kD); }},
      {"coupling", [] { return std::make_shared<CouplingFlow>(kD, 16); }},
      {"maf", [] { return std::make_shared<AutoregressiveFlow>(Form::kAffine, kD, 16); }},
      {"iaf", [] { return std::make_shared<AutoregressiveFlow>(Form::kGated, kD, 16); }},
      {"sylvester", [] { return std::make_shared<SylvesterFlow>(kD); }},
      {"sigmoidal", [] { return std::make_shared<SigmoidalFlow>(kD, 16); }},
      {"dense_sigmoidal", [] { return std::make_shared<SigmoidalFlow>(kD, 16, 2); }},
      {"dense_sigmoidal_of_three", [] { return std::make_shared<SigmoidalFlow>(kD, 16, 3); }},
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
      {"iaf_narrow_chain", [] { return chain("iaf_narrow"); }},
      {"dense_sigmoidal_chain", [] { return chain("dense_sigmoidal"); }},
      {"dense_sigmoidal_shuffled_chain", [] { return chain("dense_sigmoidal_shuffled"); }},
      {"planar_of_a_network", [] { return std::make_shared<OfANetwork>("planar"); }},
      {"sylvester_of_a_network", [] { return std::make_shared<OfANetwork>("sylvester"); }},
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

TEST(WeightNetwork, GivesEveryExampleWeightsOfItsOwn) {
  torch::manual_seed(6);
  for (const char* kind : {"planar", "sylvester"}) {
    const auto flow = chain(kind);
    WeightNetwork network(flow, 3);
    const torch::NoGradGuard no_grad;
    for (torch::Tensor& p : network.parameters()) p.add_(0.1 * torch::randn_like(p));
    flow->eval(), network.eval();
    const auto x = torch::randn({4, kD}), latent = torch::randn({4, 3});
    network.give(latent);
    const auto together = flow->forward(x).value;
    for (int64_t i = 0; i < 4; ++i) {
      network.give(latent.narrow(0, i, 1));
      const auto alone = flow->forward(x.narrow(0, i, 1)).value;
      EXPECT_TRUE(alone.allclose(together.narrow(0, i, 1), 1e-4, 1e-5)) << kind;
      EXPECT_GT((flow->forward(x.narrow(0, (i + 1) % 4, 1)).value - together[(i + 1) % 4]).abs().max().item<float>(),
                1e-3) << kind << ": the weights of another latent";
    }
  }
}

TEST(RandomWeights, AreDrawnInTrainingOnlyAroundTheParameters) {
  for (const char* kind : {"planar", "coupling", "iaf", "sylvester", "sigmoidal", "dense_sigmoidal"}) {
    torch::manual_seed(7);
    const auto flow = chain(kind);
    size_t weights = 0, learnt = 0;
    for (const torch::Tensor* weight : flow->weights()) weights += size_t(weight->numel());
    for (const torch::Tensor& p : flow->parameters()) learnt += size_t(p.numel());
    EXPECT_EQ(weights, learnt) << kind;
    RandomWeights random(flow);
    flow->eval();
    const auto x = torch::randn({3, kD});
    const auto plain = flow->forward(x).value;
    random.draw();
    const auto first = flow->forward(x).value;
    random.draw();
    const auto second = flow->forward(x).value;
    EXPECT_GT((first - second).abs().max().item<float>(), 0) << kind;
    EXPECT_TRUE(first.allclose(plain, 1e-2, 1e-2)) << kind << ": the first spread is 1e-4";
    second.square().sum().backward();
    for (const torch::Tensor& p : random.parameters()) EXPECT_GT(p.grad().abs().max().item<float>(), 0) << kind;
    for (const auto& p : flow->named_parameters()) EXPECT_TRUE(p.value().grad().defined()) << kind << " " << p.key();
    random.eval(), random.draw();
    EXPECT_TRUE(flow->forward(x).value.equal(plain)) << kind;
  }
}

TEST(RandomWeights, HaveTheDivergenceOfGaussians) {
  const auto flow = std::make_shared<BatchNormFlow>(2);
  RandomWeights random(flow);
  const torch::NoGradGuard no_grad;
  flow->parameters()[0].fill_(0.5), flow->parameters()[1].fill_(-1);
  random.parameters()[0].fill_(std::log(0.2));
  const double wanted = 0.5 * ((0.25 + 1) / 2 + 0.04 - 1) - std::log(0.2);
  EXPECT_NEAR(random.kl().item<double>(), wanted, 1e-6);
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
  EXPECT_GT(gain_over_gaussian({"iaf", 16, 32}, 150), 0.3);
  for (const char* kind : {"coupling", "maf", "iaf", "sigmoidal", "dense_sigmoidal"})
    EXPECT_GT(gain_over_gaussian({kind, 6, 32}, 150), 0.3) << kind;
}

}  // namespace
}  // namespace nr
