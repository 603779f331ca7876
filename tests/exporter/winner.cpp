#include "winner.h"

#include <gtest/gtest.h>

namespace evotune {
namespace {

constexpr const char* kernel_text = R"cu(
#ifndef TILE
#define TILE 32  // elements of a block
#endif
#ifndef UNROLL
#define UNROLL 0
#endif

extern "C" __global__ void scale(const float* x, float* y, int n, float factor) {
  int i = blockIdx.x * TILE + threadIdx.x;
#if ORDER_down
  i = n - 1 - i;
#endif
#if UNROLL > 0
#pragma unroll UNROLL
#else
  // never unrolled
#endif
  for (int k = 0; k < 1; ++k)
    if (i >= 0 && i < n) y[i] = factor * x[i];
}
)cu";

constexpr const char* reference_text =
    "extern \"C\" __global__ void reference(const double* x, double* y, int n, double factor) {\n"
    "  int i = blockIdx.x * blockDim.x + threadIdx.x;\n"
    "  if (i < n) y[i] = factor * x[i];\n}\n";

std::string space_text(const ExampleText& text) {
  return "name: scale-f32\n"
         "kernel: {template: scale.cu, entry: \"" +
         text.entry +
         "\"}\n"
         "problem: {N: 1000}\n"
         "shapes: {check: [{N: 1}, {N: 77}]}\n"
         "parameters:\n"
         "  TILE: [32, 64, 128]\n"
         "  UNROLL: [0, 2]\n"
         "  ORDER: [up, down]\n"
         "let: {threads: TILE, back: -TILE}\n"
         "launch: {grid: [" +
         text.grid +
         "], block: [threads]}\n"
         "options: {fast_math: true}\n"
         "arguments:\n"
         "  - {name: x, in: \"f32[N]\", values: normal}\n"
         "  - {name: y, out: \"f32[N]\"}\n"
         "  - {name: n, scalar: i32, value: N}\n"
         "  - {name: factor, scalar: f32, value: 2.5}\n" +
         text.arguments +
         "reference: reference.cu\n"
         "baseline: {config: {TILE: 32, UNROLL: 0, ORDER: up}}\n"
         "verify: {max_abs: 1e-6}\n";
}

}  // namespace

Bindings bound_at(const SpaceFile& file, const Bindings& values, const Shape& shape) {
  Bindings bound = values;
  bound.insert(shape.sizes.begin(), shape.sizes.end());
  bound.emplace("device.max_threads", std::int64_t{1024});
  for (const NamedExpression& let : file.lets) {
    const auto value = let.expression.evaluate(bound);
    EXPECT_TRUE(value) << let.name;
    bound.emplace(let.name, *value);
  }
  return bound;
}

Example make_example(const ExampleText& text) {
  Example example;
  const auto& folder = example.folder();
  write_file(folder / "scale.cu", text.kernel.empty() ? kernel_text : text.kernel);
  write_file(folder / "reference.cu", reference_text);
  write_file(folder / "scale.yaml", space_text(text));
  example.file = std::make_unique<SpaceFile>(read_space_file(folder / "scale.yaml"));
  example.kernel = load_template(*example.file);
  return example;
}

Winner winner_of(const Example& example) {
  const SpaceFile& file = *example.file;
  Winner winner(file);
  winner.values = {{"TILE", std::int64_t{64}}, {"UNROLL", std::int64_t{2}}, {"ORDER", "down"}};
  winner.bound = bound_at(file, winner.values, file.problem.front());
  winner.source = *render(example.kernel, file, winner.bound);
  winner.launch = *launch_of(file.launch, winner.bound);
  const auto workload =
      make_workload(file.arguments, winner.bound, {}, 1, example.folder().string());
  winner.arguments = (*workload).arguments;
  winner.device = {"cpu", "a \"CPU\"\nwith two names", "x86-64", "g++ 12"};
  winner.outcome.accuracy = Accuracy{1e-7, 0.1, false};
  winner.outcome.facts = CompilerFacts{};
  winner.outcome.facts->registers = 32;
  winner.outcome.result = Measurement{{{"N=1000", {{2e-6, 1e-6}, {2e-6, 1e-6}}}}};
  winner.speedup = {2, 1.9, 2.1};
  winner.baseline_values = file.baseline->values;
  winner.baseline =
      *render(example.kernel, file, bound_at(file, winner.baseline_values, file.problem.front()));
  winner.reference = load_reference(file, example.kernel);
  winner.run = 3;
  winner.candidate = 17;
  winner.seed = 5;
  winner.evotune_version = "0.1.0";
  return winner;
}

}  // namespace evotune
