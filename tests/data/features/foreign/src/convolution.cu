// Written as for other tuners: macros in lower case, the host's program in the same file.
#include <cuda_runtime.h>
#include <stdio.h>
#include <stdlib.h>

#include <chrono>
#include <iostream>
#include <vector>

#include "../common/scaling.h"

#define filter_width 5
#define filter_height 3
#define border_width ((filter_width / 2) * 2)
#define border_height ((filter_height / 2) * 2)
#ifndef block_size_x
#define block_size_x 16
#define block_size_y 8
#define tile_size_x 1
#define tile_size_y 1
#define use_padding 0
#endif
#define gpuErrchk(call) \
  { check((call), __FILE__, __LINE__); }

using namespace std;

__constant__ float d_filter[filter_width * filter_height];

inline void check(cudaError_t code, const char* file, int line) {
  if (code == cudaSuccess) return;
  fprintf(stderr, "%s %s %d\n", cudaGetErrorString(code), file, line);
  exit(code);
}

template <int tile>
__device__ __forceinline__ int strided(int i, int step) {
  return i * step * tile / tile;
}

namespace filters {
__global__ void convolution_kernel(const float* input, int2 size, Scaling scaling) {
  float* output = scaling.output;
  const int width = size.x, height = size.y;
  const int tx = threadIdx.x, ty = threadIdx.y;
  const int bx = blockIdx.x * block_size_x * tile_size_x, by = blockIdx.y * block_size_y * tile_size_y;
  const int input_width = width + border_width;
  __shared__ float sh_input[block_size_y * tile_size_y + border_height]
                           [block_size_x * tile_size_x + border_width + use_padding];
  for (int i = ty; i < block_size_y * tile_size_y + border_height; i += block_size_y)
    for (int j = tx; j < block_size_x * tile_size_x + border_width; j += block_size_x)
      sh_input[i][j] = by + i < height + border_height && bx + j < input_width
                           ? input[(by + i) * input_width + bx + j]
                           : 0.0f;
  __syncthreads();
  float sum[tile_size_y][tile_size_x] = {};
#pragma unroll
  for (int i = 0; i < filter_height; i++)
    for (int j = 0; j < filter_width; j++)
      for (int ti = 0; ti < tile_size_y; ti++)
        for (int tj = 0; tj < tile_size_x; tj++)
          sum[ti][tj] += sh_input[ty + strided<1>(ti, block_size_y) + i][tx + strided<1>(tj, block_size_x) + j] *
                         d_filter[i * filter_width + j];
  for (int ti = 0; ti < tile_size_y; ti++)
    for (int tj = 0; tj < tile_size_x; tj++) {
      const int x = bx + tj * block_size_x + tx, y = by + ti * block_size_y + ty;
      if (x < width && y < height) output[y * width + x] = static_cast<float>(scaling.factor) * scaling.steps[2] * sum[ti][tj] +
                                                             (scaling.kind == 1 ? scaling.bias.w : scaling.bias.x);
    }
}
}  // namespace filters

static float* on_device(vector<float>& host) {
  float* buffer;
  gpuErrchk(cudaMalloc(&buffer, host.size() * sizeof(float)));
  gpuErrchk(cudaMemcpy(buffer, host.data(), host.size() * sizeof(float), cudaMemcpyHostToDevice));
  return buffer;
}

extern "C" float call_convolution(float* output, float* input, int width, int height) {
  cudaEvent_t start, stop;
  cudaEventCreate(&start);
  dim3 threads(block_size_x, block_size_y);
  dim3 grid((width + block_size_x - 1) / block_size_x, (height + block_size_y - 1) / block_size_y);
  const Scaling scaling = {1, output, 0.5, {0, 0, 0, 1}, {1, 1, 3}};
  filters::convolution_kernel<<<grid, threads>>>(input, make_int2(width, height), scaling);
  gpuErrchk(cudaGetLastError());
  float ms = 0;
  cudaEventElapsedTime(&ms, start, stop);
  return ms;
}

int main(int argc, char* argv[]) {
  const int width = 4096, height = 4096;
  vector<float> in((width + border_width) * (height + border_height)), out(width * height);
  for (size_t i = 0; i < in.size(); i++) in[i] = (float)rand() / RAND_MAX;
  const auto begin = chrono::high_resolution_clock::now();
  cout << call_convolution(on_device(out), on_device(in), width, height) << endl;
  return 0;
}
