// What cooperative groups reduce with: cg::plus<int>(). The type that is named is not asked for, as
// in CUDA.
#pragma once

#include "qualifiers.h"

namespace cooperative_groups {

template <typename T = void>
struct plus {
  template <typename U>
  __forceinline__ U operator()(U a, U b) const {
    return a + b;
  }
};
template <typename T = void>
struct less {
  template <typename U>
  __forceinline__ U operator()(U a, U b) const {
    return b < a ? b : a;
  }
};
template <typename T = void>
struct greater {
  template <typename U>
  __forceinline__ U operator()(U a, U b) const {
    return a < b ? b : a;
  }
};
template <typename T = void>
struct bit_and {
  template <typename U>
  __forceinline__ U operator()(U a, U b) const {
    return a & b;
  }
};
template <typename T = void>
struct bit_or {
  template <typename U>
  __forceinline__ U operator()(U a, U b) const {
    return a | b;
  }
};
template <typename T = void>
struct bit_xor {
  template <typename U>
  __forceinline__ U operator()(U a, U b) const {
    return a ^ b;
  }
};

}  // namespace cooperative_groups
