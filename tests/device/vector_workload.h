#pragma once

#include <cstddef>
#include <vector>

#include "kernel/workload.h"

namespace evotune {

inline Buffer bytes_of(const std::vector<float>& values) {
  const auto* first = reinterpret_cast<const std::byte*>(values.data());
  return {first, first + values.size() * sizeof(float)};
}

/// y = f(x) for 64 numbers; two input sets.
inline Workload vector_workload() {
  std::vector<float> x(64), other(64);
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<float>(i);
    other[i] = -x[i];
  }
  const Buffer n{std::byte{64}, {}, {}, {}};
  Workload workload;
  workload.id = "x";
  workload.arguments = {{"y", Role::out, ElementType::f32, 64, ""},
                        {"x", Role::in, ElementType::f32, 64, ""},
                        {"n", Role::scalar, ElementType::i32, 1, ""}};
  workload.input_sets = {{{}, bytes_of(x), n}, {{}, bytes_of(other), n}};
  return workload;
}

}  // namespace evotune
