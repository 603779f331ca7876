// As other people's files are: macros for the tuner, and the host's program around the kernel.
#include <cuda_runtime.h>
#include <filesystem>
#include <iostream>
#include <malloc.h>
#include <memory.h>
#include <opencv2/core.hpp>
#include <stdio.h>
#include <vector>

#ifndef block_size_x
#define block_size_x 128
#endif
#define CHECK(call)                                                        \
  do {                                                                     \
    cudaError_t error = call;                                              \
    if (error != cudaSuccess) fprintf(stderr, "%s\n", cudaGetErrorString(error)); \
  } while (0)

using namespace std;
using namespace cv;
namespace fs = std::filesystem;

typedef struct {
  float x, y;
} point;
static int repetitions = 10;

__device__ float distance(point a, point b) {
  return sqrtf((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}

extern Matrix make_matrix(unsigned, unsigned);
extern "C" int gold(const Matrix, Matrix);
extern "C" void hash_of(void* state, const void* input) {
  sph_context context;
  sph_init(&context);
}
Solver::Solver(int n) : Base(n), size{n}, next_{nullptr} { name = "none"; }
Solver::~Solver() {}
template class Solver<float>;

struct GpuTimer {
  cudaEvent_t start, stop;
  GpuTimer() { cudaEventCreate(&start); }
  float elapsed() {
    float ms;
    cudaEventElapsedTime(&ms, start, stop);
    return ms;
  }
};

// What a file's other kernels need, and the CPU device has not, is no matter.
__device__ float fetched(cudaTextureObject_t texture, int i) { return tex1Dfetch<float>(texture, i); }
static __global__ void by_texture(cudaTextureObject_t texture, float* out) {
  out[threadIdx.x] = fetched(texture, threadIdx.x);
}

extern "C" __global__ void __launch_bounds__(block_size_x) nearest(const float* in, float* out) {
  __shared__ float line[block_size_x];
  const int x = blockIdx.x * block_size_x + threadIdx.x;
  line[threadIdx.x] = in[x];
  __syncthreads();
  point a = {in[x], 1.0f}, b = {line[block_size_x - 1 - threadIdx.x], 2.0f};
  const uchar one = 1;
  if (a.x < -1e9f) printf("never %f\n", a.x * one);
  out[x] = distance(a, b);
}

template <typename T>
void fill(vector<T>& v) {
  for (auto& one : v) one = rand() / T(RAND_MAX);
}

float launch(float* in, float* out, int n) {
  GpuTimer timer;
  for (int i = 0; i < repetitions; i++) nearest<<<n / block_size_x, block_size_x>>>(in, out);
  CHECK(cudaDeviceSynchronize());
  return timer.elapsed();
}

int main(int argc, char** argv) {
  std::vector<float> host(1024);
  fill(host);
  float *in, *out;
  CHECK(cudaMalloc(&in, 4096));
  CHECK(cudaMalloc((void**)&out, 4096));
#ifdef VERBOSE
  std::cout << "running" << std::endl;
#endif
  cudaMemcpy(in, host.data(), 4096, cudaMemcpyHostToDevice);
  std::cout << launch(in, out, 1024) << std::endl;
  return 0;
}

/// What the kernel is checked against.
template <class T>
static bool same(const T* a, const T* b, int n) {
  for (int i = 0; i < n; ++i)
    if (a[i] != b[i]) return false;
  return true;
}
