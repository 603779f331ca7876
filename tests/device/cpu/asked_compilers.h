#pragma once

#include <cstdlib>
#include <string>
#include <vector>

#include "bench.h"

namespace evotune::cpu_test {

/// The default compiler alone, or, for scripts/races, every one of this machine.
inline std::vector<std::string> asked_compilers() {
  if (std::getenv("EVOTUNE_TEST_EVERY_COMPILER") != nullptr) return compilers();
  return {""};
}

}  // namespace evotune::cpu_test
