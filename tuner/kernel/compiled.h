#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "outcome/outcome.h"

namespace evotune {

/// What a compiler made of a Source. Plain bytes, so it can be cached and sent.
struct Compiled {
  std::vector<std::byte> image;  ///< a cubin, a shared object, …: the device knows
  std::string symbol;            ///< the entry's (lowered) name in the image
  std::string build_id;          ///< Source::hash; the worker checks that the image carries it
  CompilerFacts facts;
  std::string log;
};

}  // namespace evotune
