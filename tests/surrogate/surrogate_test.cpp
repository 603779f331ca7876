// The surrogate's incremental single-precision algebra against the textbook's, dense and double.
#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <cmath>

#include "base/rng.h"
#include "surrogate/candidates.h"
#include "surrogate/fit.h"
#include "surrogate/sweep.h"

namespace evotune {
namespace {

std::vector<Parameter> some_parameters() {
  const auto integers = [](const std::string& name, const std::vector<std::int64_t>& values) {
    Parameter result{name, ParameterKind::value, {}, {}};
    for (const std::int64_t value : values) result.values.emplace_back(value);
    return result;
  };
  Parameter words{"W", ParameterKind::value, {}, {}};
  for (const char* word : {"row", "col", "tile"}) words.values.emplace_back(std::string(word));
  return {integers("A", {1, 2, 3, 4, 6, 8, 12, 16}), integers("constant", {7}), words,
          integers("B", {0, 1}), integers("C", {16, 32, 64, 128, 256})};
}

/// Different ones, in a random order.
std::vector<Config> configurations(std::size_t count) {
  std::vector<Config> all;
  for (std::uint32_t a = 0; a < 8; ++a)
    for (std::uint32_t w = 0; w < 3; ++w)
      for (std::uint32_t b = 0; b < 2; ++b)
        for (std::uint32_t c = 0; c < 5; ++c) all.push_back({{a, 0, w, b, c}});
  Rng rng(5);
  for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[rng.below(i)]);
  all.resize(count);
  return all;
}

std::vector<double> values_of(const std::vector<Config>& configs) {
  std::vector<double> values;
  for (const Config& one : configs)
    values.push_back(std::sin(one.choice[0]) + (one.choice[2] == 1 ? 0.8 : -0.3) +
                     0.2 * one.choice[4] * one.choice[3] - 0.5);
  return values;
}

/// The formula as it stands in the documentation, one pair at a time.
double alike(const ProductKernel& kernel, const Hyperparameters& hyper, const Config& a,
             const Config& b) {
  double product = 1;
  for (std::size_t j = 0; j < kernel.varying().size(); ++j) {
    const std::size_t p = kernel.varying()[j];
    double sum = 0;
    for (std::size_t f = 0; f < kernel.distances()[j].features(); ++f)
      sum += kernel.distances()[j].distance(f, a.choice[p], b.choice[p]) /
             std::exp(hyper.length[j][f]);
    const double theta = std::exp(hyper.weight[j]);
    product *= (1 + theta * std::exp(-sum)) / (1 + theta);
  }
  return product;
}

struct Dense {
  Eigen::MatrixXd noisy, across;
  Dense(const ProductKernel& kernel, const Hyperparameters& hyper,
        const std::vector<Config>& points, const std::vector<Config>& candidates)
      : noisy(points.size(), points.size()), across(points.size(), candidates.size()) {
    for (Eigen::Index i = 0; i < noisy.rows(); ++i) {
      const Config& point = points[static_cast<std::size_t>(i)];
      for (Eigen::Index j = 0; j < noisy.cols(); ++j)
        noisy(i, j) = alike(kernel, hyper, point, points[static_cast<std::size_t>(j)]);
      for (Eigen::Index j = 0; j < across.cols(); ++j)
        across(i, j) = alike(kernel, hyper, point, candidates[static_cast<std::size_t>(j)]);
      noisy(i, i) += std::exp(hyper.noise);
    }
  }
};

void expect_dense(const Surrogate& surrogate, const Candidates& candidates,
                  const std::vector<Config>& points, const std::vector<Config>& configs,
                  const std::vector<double>& values) {
  const Dense dense(surrogate.kernel(), surrogate.kernel().hyperparameters(), points, configs);
  const Eigen::Map<const Eigen::VectorXd> y(values.data(),
                                            static_cast<Eigen::Index>(values.size()));
  const Eigen::LLT<Eigen::MatrixXd> solver(dense.noisy);
  const Eigen::VectorXd solved = solver.solve(y);
  const Eigen::VectorXd mean = dense.across.transpose() * solved;
  const Eigen::MatrixXd half = solver.matrixL().solve(dense.across);
  const Beliefs beliefs = candidates.beliefs(surrogate);
  ASSERT_EQ(beliefs.mean.size(), configs.size());
  EXPECT_NEAR(beliefs.variance / y.dot(solved) * static_cast<double>(values.size()), 1, 1e-5);
  for (std::size_t c = 0; c < configs.size(); ++c) {
    const auto at = static_cast<Eigen::Index>(c);
    EXPECT_NEAR(static_cast<double>(beliefs.mean[c]), mean(at), 2e-4) << c;
    EXPECT_NEAR(static_cast<double>(beliefs.explained[c]), half.col(at).squaredNorm(), 1e-4) << c;
  }
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_NEAR(surrogate.smoothed()[i],
                values[i] - surrogate.kernel().noise() * solved(static_cast<Eigen::Index>(i)),
                1e-5);
}

TEST(Surrogate, OnePointAfterTheOtherIsWhatDenseAlgebraSays) {
  const std::vector<Config> configs = configurations(240);
  const std::vector<Config> points(configs.begin(), configs.begin() + 60);
  const std::vector<double> values = values_of(points);
  Surrogate surrogate(some_parameters());
  Candidates candidates(surrogate.kernel(), configs);
  for (std::size_t i = 0; i < points.size(); ++i) {
    surrogate.add(points[i]);
    if (i % 7 == 3) candidates.extend(surrogate);  // now and then, as pending questions do
  }
  surrogate.learn(values);
  candidates.predict(surrogate);
  expect_dense(surrogate, candidates, points, configs, values);
}

TEST(Surrogate, HowManyPointsComeAtOnceChangesNoBit) {
  const std::vector<Config> configs = configurations(240);
  const std::vector<Config> points(configs.begin(), configs.begin() + 150);
  const std::vector<double> values = values_of(points);
  Surrogate surrogate(some_parameters());
  const ProductKernel& kernel = surrogate.kernel();
  Candidates one_by_one(kernel, configs), in_threes(kernel, configs), at_once(kernel, configs);
  for (std::size_t i = 0; i < points.size(); ++i) {
    surrogate.add(points[i]);
    one_by_one.extend(surrogate);
    if (i % 3 == 1) in_threes.extend(surrogate);
  }
  surrogate.learn(values);
  for (Candidates* each : {&one_by_one, &in_threes, &at_once}) each->predict(surrogate);
  expect_dense(surrogate, at_once, points, configs, values);
  const Beliefs expected = at_once.beliefs(surrogate);
  for (const Candidates* each : {&one_by_one, &in_threes}) {
    const Beliefs beliefs = each->beliefs(surrogate);
    for (std::size_t c = 0; c < configs.size(); ++c) {
      EXPECT_EQ(beliefs.mean[c], expected.mean[c]) << c;
      EXPECT_EQ(beliefs.explained[c], expected.explained[c]) << c;
    }
  }
}

TEST(Surrogate, AfterAFitItIsRightWithTheNewHyperparameters) {
  const std::vector<Config> configs = configurations(240);
  std::vector<Config> points(configs.begin(), configs.begin() + 50);
  std::vector<double> values = values_of(points);
  Surrogate surrogate(some_parameters());
  Candidates candidates(surrogate.kernel(), configs);
  for (int round = 0; round < 2; ++round) {
    surrogate.fit(points, values);
    EXPECT_EQ(surrogate.points(), 0u);
    for (const Config& one : points) surrogate.add(one);
    surrogate.learn(values);
    candidates.predict(surrogate);
    expect_dense(surrogate, candidates, points, configs, values);
    points.push_back(configs[100]);
    values = values_of(points);
  }
}

TEST(Surrogate, ValuesThatFollowWhatWasExpectedLeaveNextToNothingToTheProcess) {
  const std::vector<Config> configs = configurations(200);
  const std::vector<Config> points(configs.begin(), configs.begin() + 40);
  const std::vector<double> expected = values_of(configs);
  std::vector<double> values;
  for (std::size_t i = 0; i < points.size(); ++i) values.push_back(0.3 + 0.9 * expected[i]);
  Surrogate surrogate(some_parameters());
  Candidates candidates(surrogate.kernel(), configs, {expected.begin(), expected.end()});
  for (const Config& one : points) surrogate.add(one);
  surrogate.learn(values, std::span(expected).first(points.size()));
  candidates.predict(surrogate);
  EXPECT_NEAR(surrogate.trend().slope, 0.9, 0.02);
  EXPECT_NEAR(surrogate.trend().offset, 0.3, 0.05);
  EXPECT_LT(surrogate.variance(), 0.01);
  const Beliefs beliefs = candidates.beliefs(surrogate);
  for (std::size_t c = 0; c < configs.size(); ++c)
    EXPECT_NEAR(static_cast<double>(beliefs.mean[c]), 0.3 + 0.9 * expected[c], 0.05) << c;
}

TEST(Surrogate, ExpectationsThatValuesDoNotFollowAreUnlearned) {
  const std::vector<Config> configs = configurations(200);
  const std::vector<Config> points(configs.begin(), configs.begin() + 60);
  std::vector<double> expected;
  Rng rng(8);
  for (std::size_t i = 0; i < points.size(); ++i) expected.push_back(rng.normal());
  Surrogate surrogate(some_parameters());
  for (const Config& one : points) surrogate.add(one);
  surrogate.learn(values_of(points), expected);
  EXPECT_NEAR(surrogate.trend().slope, 0, 0.1);
}

TEST(Surrogate, OneConfigurationsMeanIsWhatCandidatesHave) {
  const std::vector<Config> configs = configurations(100);
  const std::vector<Config> points(configs.begin(), configs.begin() + 30);
  Surrogate surrogate(some_parameters());
  Candidates candidates(surrogate.kernel(), configs);
  for (const Config& one : points) surrogate.add(one);
  surrogate.learn(values_of(points));
  candidates.predict(surrogate);
  for (std::size_t c = 0; c < configs.size(); ++c)
    EXPECT_NEAR(surrogate.mean(configs[c]),
                static_cast<double>(candidates.beliefs(surrogate).mean[c]), 1e-3);
}

TEST(Surrogate, APendingPointTakesSpreadAwayAndLeavesTheMeanAlone) {
  const std::vector<Config> configs = configurations(200);
  const std::vector<Config> points(configs.begin(), configs.begin() + 20);
  Surrogate surrogate(some_parameters());
  Candidates candidates(surrogate.kernel(), configs);
  for (const Config& one : points) surrogate.add(one);
  surrogate.learn(values_of(points));
  candidates.predict(surrogate);
  const Beliefs now = candidates.beliefs(surrogate);
  const std::vector<float> mean(now.mean.begin(), now.mean.end());
  const std::vector<float> explained(now.explained.begin(), now.explained.end());
  surrogate.add(configs[50]);
  candidates.extend(surrogate);
  const Beliefs then = candidates.beliefs(surrogate);
  EXPECT_TRUE(std::equal(mean.begin(), mean.end(), then.mean.begin()));
  EXPECT_GT(then.explained[50], 0.99F);
  for (std::size_t c = 0; c < configs.size(); ++c) EXPECT_GE(then.explained[c], explained[c]);
}

TEST(Fit, TheMisfitIsWhatDenseAlgebraSays) {
  const std::vector<Config> points = configurations(40);
  const std::vector<double> values = values_of(points);
  const ProductKernel kernel(some_parameters());
  Hyperparameters hyper = kernel.prior_means();
  hyper.weight[0] = 0.7;
  hyper.length[0][1] = -0.4;
  hyper.noise = -4;
  const Dense dense(kernel, hyper, points, points);
  const Eigen::Map<const Eigen::VectorXd> y(values.data(), 40);
  const Eigen::LLT<Eigen::MatrixXd> solver(dense.noisy);
  const double variance = y.dot(solver.solve(y)) / 40;
  const Eigen::MatrixXd lower = solver.matrixL();
  const double penalty = std::pow(0.7 + 1, 2) / 2 + 0.4 * 0.4 / 2 + std::pow(2 / 1.5, 2) / 2;
  EXPECT_NEAR(misfit(kernel, hyper, points, values),
              20 * std::log(variance) + lower.diagonal().array().log().sum() + penalty, 1e-8);
}

TEST(Fit, TheGradientIsTheSlopeOfTheMisfit) {
  const std::vector<Config> points = configurations(40);
  const std::vector<double> values = values_of(points);
  const ProductKernel kernel(some_parameters());
  Hyperparameters hyper = kernel.prior_means();
  hyper.weight[1] = 0.5;
  Hyperparameters gradient;
  (void)misfit(kernel, hyper, points, values, &gradient);
  constexpr double step = 1e-5;
  const auto slope = [&](double& at) {
    const double before = at;
    at = before + step;
    const double up = misfit(kernel, hyper, points, values);
    at = before - step;
    const double down = misfit(kernel, hyper, points, values);
    at = before;
    return (up - down) / (2 * step);
  };
  EXPECT_NEAR(gradient.noise, slope(hyper.noise), 1e-5);
  for (std::size_t j = 0; j < hyper.weight.size(); ++j) {
    EXPECT_NEAR(gradient.weight[j], slope(hyper.weight[j]), 1e-5) << j;
    for (std::size_t f = 0; f < hyper.length[j].size(); ++f)
      EXPECT_NEAR(gradient.length[j][f], slope(hyper.length[j][f]), 1e-5) << j << ' ' << f;
  }
}

TEST(Fit, ExplainsTheValuesBetterThanThePriorDoes) {
  const std::vector<Config> points = configurations(80);
  const std::vector<double> values = values_of(points);
  const ProductKernel kernel(some_parameters());
  const Hyperparameters found = fitted(kernel, points, values);
  EXPECT_LT(misfit(kernel, found, points, values),
            misfit(kernel, kernel.prior_means(), points, values) - 5);
}

TEST(Fit, ConstantValuesAndASinglePointAreNoTrouble) {
  const std::vector<Config> points = configurations(30);
  const ProductKernel kernel(some_parameters());
  EXPECT_TRUE(std::isfinite(fitted(kernel, points, std::vector<double>(30, 0.0)).noise));
  EXPECT_TRUE(std::isfinite(fitted(kernel, configurations(1), std::vector<double>{0.0}).noise));
}

TEST(Slab, IsAlignedAndAllThereInSmallPagesAndInLargeOnes) {
  for (const std::size_t floats : {std::size_t{5}, std::size_t{1'200'001}}) {
    const Slab slab(floats);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(slab.data()) % 64, 0u);
    std::fill_n(slab.data(), floats, 1.0F);
    EXPECT_EQ(slab.data()[floats - 1], 1.0F);
  }
}

TEST(Sweep, AddsRowsWithTheirFactors) {
  std::vector<float> rows(7 * sweep_width);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<float>(i % 13);
  const std::vector<float> factors{1, 2, 3, 4, 5, 6, 7};
  std::vector<float> sum(sweep_width, 1.0F);
  add_rows(sum.data(), rows.data(), factors);
  for (std::size_t c = 0; c < sweep_width; ++c) {
    float expected = 1;
    for (std::size_t i = 0; i < 7; ++i) expected += factors[i] * rows[i * sweep_width + c];
    EXPECT_EQ(sum[c], expected) << c;  // small whole numbers: exact in any order
  }
}

TEST(Sweep, TwoSumsAtOnceAreToTheLastBitWhatTheyAreOneByOne) {
  Rng rng(4);
  std::vector<float> rows(8 * sweep_width);
  std::vector<float> factors(16);
  for (float& one : rows) one = static_cast<float>(rng.normal());
  for (float& one : factors) one = static_cast<float>(rng.normal());
  std::vector<float> first(sweep_width, 0.5F), second(sweep_width), alone(second), other(first);
  add_rows(first.data(), second.data(), rows.data(), factors.data(), factors.data() + 8, 8);
  add_rows(other.data(), rows.data(), std::span(factors).first(8));
  add_rows(alone.data(), rows.data(), std::span(factors).last(8));
  EXPECT_EQ(first, other);
  EXPECT_EQ(second, alone);
}

}  // namespace
}  // namespace evotune
