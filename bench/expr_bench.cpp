// How many constraints a second one core decides, and how many the same constraint as a native C++
// lambda. An item is one constraint.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/rng.h"
#include "expr/compiled_expression.h"

namespace evotune {
namespace {

const std::vector<std::string> names = {"BM", "BN", "TM", "TN"};
constexpr std::size_t rows = 1024;  // enough to keep the branch predictor honest; fits the cache

using Row = std::array<std::int64_t, 4>;

std::vector<Row> native_rows() {
  Rng rng(1);
  std::vector<Row> made(rows);
  for (Row& row : made) {
    row = {std::int64_t{16} << rng.below(4), std::int64_t{16} << rng.below(4),
           std::int64_t{1} << rng.below(4), std::int64_t{1} << rng.below(4)};
  }
  return made;
}

void interpreted(benchmark::State& state, const char* text) {
  const auto expression = Expression::parse(text);
  const auto compiled = CompiledExpression::compile(*expression, names);
  std::vector<std::array<Scalar, 4>> values;
  for (const Row& row : native_rows()) values.push_back({row[0], row[1], row[2], row[3]});
  std::size_t holding = 0;
  for (auto _ : state) {
    for (const auto& row : values) {
      const auto holds = compiled->holds(row);
      if (!holds) throw std::logic_error(holds.error().message);
      holding += *holds ? 1U : 0U;
    }
  }
  benchmark::DoNotOptimize(holding);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows));
}

template <typename Constraint>
void native(benchmark::State& state, Constraint constraint) {
  const std::vector<Row> values = native_rows();
  std::size_t holding = 0;
  for (auto _ : state) {
    for (const Row& row : values) {
      holding += constraint(row) ? 1U : 0U;
      benchmark::DoNotOptimize(holding);
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows));
}

const auto product = [](const Row& row) { return row[0] * row[1] <= 1024; };
const auto threads = [](const Row& row) { return (row[0] / row[2]) * (row[1] / row[3]) <= 1024; };

const auto membership = [](const Row& row) {
  return row[0] % row[2] == 0 && (row[1] == 16 || row[1] == 32 || row[1] == 64);
};

// clang-format off
BENCHMARK_CAPTURE(interpreted, product, "BM * BN <= 1024")->Name("BM * BN <= 1024/evotune");
BENCHMARK_CAPTURE(native, product, product)->Name("BM * BN <= 1024/C++ lambda");
BENCHMARK_CAPTURE(interpreted, threads, "(BM // TM) * (BN // TN) <= 1024")
    ->Name("(BM // TM) * (BN // TN) <= 1024/evotune");
BENCHMARK_CAPTURE(native, threads, threads)->Name("(BM // TM) * (BN // TN) <= 1024/C++ lambda");
BENCHMARK_CAPTURE(interpreted, membership, "BM % TM == 0 and BN in [16, 32, 64]")
    ->Name("BM % TM == 0 and BN in [16, 32, 64]/evotune");
BENCHMARK_CAPTURE(native, membership, membership)
    ->Name("BM % TM == 0 and BN in [16, 32, 64]/C++ lambda");
// clang-format on

}  // namespace
}  // namespace evotune
