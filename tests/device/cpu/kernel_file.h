#pragma once

#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "bench.h"

namespace evotune::cpu_test {

/// The kernels of a file, `__device__ void name(const float* x, float* y, int* z, int n)`, and what
/// its comments `// race: …`, `// fault: …` or `// fault of name: …` say of their lines.
struct KernelFile {
  std::vector<std::string> kernels;                         ///< in the order they stand
  std::map<std::string, std::map<int, std::string>> marks;  ///< by kernel and line
};

inline KernelFile kernels_in(const std::string& text) {
  static const std::regex kernel(R"(^__device__ .*void (\w+)\(const float\*)");
  static const std::regex mark(R"(// (?:race|fault)(?: of (\w+))?: (.+)$)");
  KernelFile file;
  std::istringstream lines(text);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::smatch found;
    if (std::regex_search(line, found, kernel)) file.kernels.push_back(found[1]);
    if (file.kernels.empty() || !std::regex_search(line, found, mark)) continue;
    const std::string owner = found[1].matched ? found[1].str() : file.kernels.back();
    file.marks[owner][number] = found[2];
  }
  return file;
}

/// With an entry `chosen` that calls one of them by number.
inline std::string with_chooser(std::string text, const KernelFile& file) {
  text +=
      "\nextern \"C\" __global__ void chosen(const float* x, float* y, int* z, int n, int which) "
      "{\n  switch (which) {\n";
  for (std::size_t i = 0; i < file.kernels.size(); ++i)
    text += "    case " + std::to_string(i) + ": " + file.kernels[i] + "(x, y, z, n); break;\n";
  return text + "  }\n}\n";
}

inline constexpr Launch chosen_launch{{4, 1, 1}, {64, 1, 1}, 1024};

inline Bench bench_for(std::size_t which) {
  std::vector<float> x(4096);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % 97);
  Bench bench;
  bench.in("x", x)
      .inout("y", std::vector<float>(4096))
      .inout("z", std::vector<std::int32_t>(4096))
      .scalar("n", std::int32_t{4096})
      .scalar("which", static_cast<std::int32_t>(which));
  return bench;
}

}  // namespace evotune::cpu_test
