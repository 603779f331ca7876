#pragma once

#include <gtest/gtest.h>

#include "device/cuda/nvrtc.h"

namespace evotune {

/// Tests with a real NVRTC; each is skipped, visibly, where there is none.
class RealNvrtc : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!compiler_.available()) GTEST_SKIP() << compiler_.why_not();
  }
  static Source source_of(const std::string& text, const std::string& entry) {
    Source source;
    source.text = text;
    source.entry = entry;
    source.hash = "0123456789abcdef";
    return source;
  }
  CudaCompiler compiler_;
};

/// One kernel with a C name and shared memory, and a template that spills and calls a function
/// that is not inlined.
inline const char* const two_kernels = R"(
template <int N> __device__ __noinline__ float deep(const float* x, int i) {
  float a[N];
  for (int k = 0; k < N; k++) a[k] = x[(i * k) % 77];
  float s = 0;
  for (int k = 0; k < N; k++) s += a[(k * i) % N];
  return s;
}
extern "C" __global__ void plain(float* y, const float* x) {
  __shared__ float t[256];
  t[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  y[threadIdx.x] = t[255 - threadIdx.x];
}
template <int N> __global__ void __launch_bounds__(1024) spill(float* y, const float* x) {
  float a[N];
  for (int i = 0; i < N; i++) a[i] = x[i * threadIdx.x];
  __syncthreads();
  float s = 0;
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) s += a[i] * a[j] * x[i ^ j];
  for (int i = 0; i < N; i++) y[i * threadIdx.x] = a[i] * s;
  y[0] = deep<40>(x, static_cast<int>(s));
}
)";

}  // namespace evotune
