#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "kernel/source.h"

// The kernels in this folder, each `extern "C" __global__ void name(const float* in, float* out)`,
// run with one block of 128 threads and 4,096 bytes of dynamic shared memory.

namespace evotune::dialect_test {

constexpr int threads = 128, inputs = 512;

/// in[i]: whole numbers from -50 to 50.
[[nodiscard]] float input(int i);

/// What a kernel leaves in out[t].
struct Expectation {
  std::string file, kernel;
  double (*at)(int t);
  double tolerance = 1e-5;  ///< relative to the larger of 1 and the value
  int count = threads;      ///< of the elements that it writes
};
[[nodiscard]] std::span<const Expectation> expectations();
// Those of learning.cu, and of the other files.
[[nodiscard]] std::vector<Expectation> learning_expectations();
[[nodiscard]] std::vector<Expectation> general_expectations();

/// $EVOTUNE_DIALECT_FOLDER: where a program finds them that was built elsewhere.
[[nodiscard]] std::filesystem::path dialect_folder();
[[nodiscard]] std::vector<std::string> dialect_files();  ///< "warps", …
/// A file with its includes written out, and a kernel `dispatch(int which, in, out)` that runs the
/// which'th of its expectations, if one is asked for.
[[nodiscard]] Source dialect_source(const std::string& file, bool dispatch);
[[nodiscard]] std::vector<Expectation> expectations_of(const std::string& file);

}  // namespace evotune::dialect_test
