#include "space/argument_spec.h"

namespace evotune {

std::size_t size_of(ElementType type) {
  constexpr std::size_t sizes[] = {1, 1, 2, 2, 4, 4, 8, 8, 2, 2, 4, 8};
  return sizes[static_cast<std::size_t>(type)];
}

}  // namespace evotune
