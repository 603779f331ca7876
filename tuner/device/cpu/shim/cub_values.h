// Of CUB what is a value or works on values alone.
#pragma once

#include "qualifiers.h"

EVOTUNE_UNCHECKED

namespace cub {

struct Sum {
  template <typename T>
  __forceinline__ T operator()(const T& a, const T& b) const {
    return a + b;
  }
};
struct Max {
  template <typename T>
  __forceinline__ T operator()(const T& a, const T& b) const {
    return b > a ? b : a;
  }
};
struct Min {
  template <typename T>
  __forceinline__ T operator()(const T& a, const T& b) const {
    return b < a ? b : a;
  }
};
template <typename K, typename V>
struct KeyValuePair {
  using Key = K;
  using Value = V;
  K key;
  V value;
  __forceinline__ KeyValuePair() {}
  __forceinline__ KeyValuePair(const K& k, const V& v) : key(k), value(v) {}
  __forceinline__ bool operator!=(const KeyValuePair& b) const {
    return key != b.key || value != b.value;
  }
};
struct ArgMax {
  template <typename P>
  __forceinline__ P operator()(const P& a, const P& b) const {
    return b.value > a.value || (b.value == a.value && b.key < a.key) ? b : a;
  }
};
struct ArgMin {
  template <typename P>
  __forceinline__ P operator()(const P& a, const P& b) const {
    return b.value < a.value || (b.value == a.value && b.key < a.key) ? b : a;
  }
};

/// Of CUB before its third version.
template <typename T>
struct FpLimits {
  __forceinline__ static T Max() { return highest(T()); }
  __forceinline__ static T Lowest() { return -highest(T()); }

 private:
  __forceinline__ static float highest(float) { return 3.402823466e+38f; }
  __forceinline__ static double highest(double) { return 1.7976931348623157e+308; }
  template <typename Half>
  __forceinline__ static Half highest(Half) {
    return Half((float)Half(65505.0f) == 65504.0f ? 65504.0f : 3.38953139e+38f);
  }
};

}  // namespace cub

EVOTUNE_CHECKED
