// y = softmax(x) of each row of a row-major float matrix: exp(x - max) / sum of exp(x - max).
//
// LANES threads share a row, ROWS rows share a block. As it stands here it is the plain version: a
// block per row, three passes over it, and a tree in shared memory.

#ifndef LANES
#define LANES 256  // threads per row
#endif
#ifndef ROWS
#define ROWS 1  // rows per block
#endif
#ifndef VEC
#define VEC 1  // neighbours that a thread takes at once
#endif
#ifndef UNROLL
#define UNROLL 1  // of the loops along a row
#endif
#ifndef FAST_EXP
#define FAST_EXP 0  // 1: __expf, a few units in the last place worse
#endif
// three_pass: maximum, sum, result, with every exponential computed twice
// kept:       the second pass leaves the exponentials in y, the third scales them
// online:     maximum and sum in one pass (Milakov and Gimelshein 2018)
#ifndef METHOD
#define METHOD three_pass
#define METHOD_three_pass 1
#endif
#ifndef REDUCE
#define REDUCE "tree.cuh"  // how the lanes of a row combine: tree.cuh or shuffle.cuh
#endif

constexpr int row_lanes = LANES;
constexpr int block_rows = ROWS;
constexpr int unroll = UNROLL;  // nvcc expands no macros in pragmas
constexpr float lowest = -3.402823466e+38f;

struct Maximum {
  __device__ float operator()(float a, float b) const { return fmaxf(a, b); }
};
struct Sum {
  __device__ float operator()(float a, float b) const { return a + b; }
};

// across_row(value, combine): what all lanes of a row have, combined, to each of them. Every thread
// of the block must call it.
#include REDUCE

#if FAST_EXP
__device__ __forceinline__ float exponential(float x) { return __expf(x); }
#else
__device__ __forceinline__ float exponential(float x) { return expf(x); }
#endif

template <int WIDTH>
struct alignas(4 * WIDTH) Neighbours {
  float of[WIDTH];
};

// A thread's share of one row: every row_lanes-th group of WIDTH neighbours. cols is a multiple of
// WIDTH, so every row begins where a group may.
template <int WIDTH>
struct Share {
  const float* x;
  float* y;
  int lane;
  int cols;  // 0 beyond the last row: such threads only take part in the barriers

  // Calls visit(values, at) for every group of the share.
  template <typename Visit>
  __device__ __forceinline__ void each(const float* from, Visit visit) const {
    using Group = Neighbours<WIDTH>;
#pragma unroll(unroll)
    for (int c = lane * WIDTH; c < cols; c += row_lanes * WIDTH)
      visit(*reinterpret_cast<const Group*>(from + c), c);
  }

  __device__ __forceinline__ void store(int c, const Neighbours<WIDTH>& values) const {
    *reinterpret_cast<Neighbours<WIDTH>*>(y + c) = values;
  }
};

template <int WIDTH>
__device__ __forceinline__ float maximum_of(const Share<WIDTH>& share) {
  float result = lowest;
  share.each(share.x, [&](const Neighbours<WIDTH>& values, int) {
#pragma unroll
    for (int i = 0; i < WIDTH; ++i) result = fmaxf(result, values.of[i]);
  });
  return across_row(result, Maximum{});
}

// y = exp(x - maximum) * factor, and the sum of that over the share.
template <int WIDTH>
__device__ __forceinline__ float write_exponentials(const Share<WIDTH>& share, float maximum,
                                                    float factor) {
  float sum = 0;
  share.each(share.x, [&](Neighbours<WIDTH> values, int c) {
#pragma unroll
    for (int i = 0; i < WIDTH; ++i) {
      values.of[i] = exponential(values.of[i] - maximum) * factor;
      sum += values.of[i];
    }
    share.store(c, values);
  });
  return sum;
}

template <int WIDTH>
__device__ __forceinline__ void three_pass(const Share<WIDTH>& share) {
  const float maximum = maximum_of(share);
  float sum = 0;
  share.each(share.x, [&](const Neighbours<WIDTH>& values, int) {
#pragma unroll
    for (int i = 0; i < WIDTH; ++i) sum += exponential(values.of[i] - maximum);
  });
  write_exponentials(share, maximum, 1.0f / across_row(sum, Sum{}));
}

template <int WIDTH>
__device__ __forceinline__ void kept(const Share<WIDTH>& share) {
  const float sum = write_exponentials(share, maximum_of(share), 1.0f);
  const float factor = 1.0f / across_row(sum, Sum{});
  share.each(share.y, [&](Neighbours<WIDTH> values, int c) {
#pragma unroll
    for (int i = 0; i < WIDTH; ++i) values.of[i] *= factor;
    share.store(c, values);
  });
}

template <int WIDTH>
__device__ __forceinline__ void online(const Share<WIDTH>& share) {
  float own_maximum = lowest, own_sum = 0;
  share.each(share.x, [&](const Neighbours<WIDTH>& values, int) {
    float next = own_maximum;
#pragma unroll
    for (int i = 0; i < WIDTH; ++i) next = fmaxf(next, values.of[i]);
    if (next > own_maximum) own_sum *= exponential(own_maximum - next);
    own_maximum = next;
#pragma unroll
    for (int i = 0; i < WIDTH; ++i) own_sum += exponential(values.of[i] - next);
  });
  const float maximum = across_row(own_maximum, Maximum{});
  const float sum = across_row(own_sum * exponential(own_maximum - maximum), Sum{});
  write_exponentials(share, maximum, 1.0f / sum);
}

template <int WIDTH>
__device__ __forceinline__ void softmax_row(const float* __restrict__ x, float* __restrict__ y,
                                            int rows, int cols) {
  const long long row = static_cast<long long>(blockIdx.x) * block_rows + threadIdx.x / row_lanes;
  const int lane = threadIdx.x % row_lanes;
  const bool live = row < rows;
  const long long begin = live ? row * cols : 0;
  const Share<WIDTH> share{x + begin, y + begin, lane, live ? cols : 0};
#if METHOD_online
  online(share);
#elif METHOD_kept
  kept(share);
#else
  three_pass(share);
#endif
}

extern "C" __global__ void __launch_bounds__(LANES * ROWS)
softmax(const float* __restrict__ x, float* __restrict__ y, int rows, int cols) {
  if (cols % VEC == 0)
    softmax_row<VEC>(x, y, rows, cols);
  else
    softmax_row<1>(x, y, rows, cols);
}
