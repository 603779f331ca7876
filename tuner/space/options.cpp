#include "space/options.h"

#include <algorithm>
#include <array>

namespace evotune {

std::span<const CompilerOption> compiler_options() {
  static const std::array<CompilerOption, 7> all = {{
      {"fast_math", false, 0},
      {"max_registers", std::int64_t{0}, 255},  // 0: the compiler decides
      {"ftz", false, 0},
      {"prec_div", true, 0},
      {"prec_sqrt", true, 0},
      {"fmad", true, 0},
      {"opt_level", std::int64_t{3}, 3},
  }};
  return all;
}

const CompilerOption* find_compiler_option(std::string_view name) {
  const auto all = compiler_options();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const CompilerOption& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace evotune
