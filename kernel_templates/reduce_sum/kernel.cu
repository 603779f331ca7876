// sums[row] = the sum of each row of a row-major float matrix.
//
// LANES threads share a row, ROWS rows share a block; no result crosses a block, so the answer is
// the same every time. As it stands here it is the plain version: a block per row, one running sum
// per thread, and a tree in shared memory.

#ifndef LANES
#define LANES 256  // threads per row
#endif
#ifndef ROWS
#define ROWS 1  // rows per block
#endif
#ifndef VEC
#define VEC 1  // neighbours that one load brings
#endif
#ifndef ACCUMULATORS
#define ACCUMULATORS 1  // independent running sums per thread, each of VEC numbers
#endif
#ifndef ORDER  // a thread's share: every LANES-th group of neighbours, or one stretch of the row
#define ORDER interleaved
#define ORDER_interleaved 1
#endif
#ifndef COMBINE
#define COMBINE "tree.cuh"  // how the lanes of a row combine: tree, shuffle or first_lane.cuh
#endif

// sum_across_row(value): the sum of what all lanes of a row have, to the row's lane 0 at least.
// Every thread of the block must call it.
#include COMBINE

template <int WIDTH>
struct alignas(4 * WIDTH) Neighbours {
  float of[WIDTH];
};

// Adds the groups begin, begin + step, … below end into ACCUMULATORS running sums, in turn.
template <int WIDTH>
__device__ __forceinline__ float sum_of_groups(const Neighbours<WIDTH>* groups, int begin, int end,
                                               int step) {
  float sums[ACCUMULATORS][WIDTH] = {};
  int at = begin;
  for (; at < end - (ACCUMULATORS - 1) * step; at += ACCUMULATORS * step) {
#pragma unroll
    for (int a = 0; a < ACCUMULATORS; ++a) {
      const Neighbours<WIDTH> values = groups[at + a * step];
#pragma unroll
      for (int i = 0; i < WIDTH; ++i) sums[a][i] += values.of[i];
    }
  }
  for (; at < end; at += step) {
    const Neighbours<WIDTH> values = groups[at];
#pragma unroll
    for (int i = 0; i < WIDTH; ++i) sums[0][i] += values.of[i];
  }
  float sum = 0;
#pragma unroll
  for (int a = 0; a < ACCUMULATORS; ++a)
#pragma unroll
    for (int i = 0; i < WIDTH; ++i) sum += sums[a][i];
  return sum;
}

// cols is a multiple of WIDTH, so every row begins where a group may.
template <int WIDTH>
__device__ __forceinline__ float sum_of_share(const float* row, int cols, int lane) {
  const auto* groups = reinterpret_cast<const Neighbours<WIDTH>*>(row);
  const int count = cols / WIDTH;
#if ORDER_blocked
  const int share = (count + LANES - 1) / LANES;
  const int begin = lane * share;
  return sum_of_groups<WIDTH>(groups, begin, begin + share < count ? begin + share : count, 1);
#else
  return sum_of_groups<WIDTH>(groups, lane, count, LANES);
#endif
}

extern "C" __global__ void __launch_bounds__(LANES * ROWS)
reduce_sum(const float* __restrict__ x, float* __restrict__ sums, int rows, int cols) {
  const int lane = threadIdx.x % LANES;
  const long long row = static_cast<long long>(blockIdx.x) * ROWS + threadIdx.x / LANES;
  float sum = 0;
  if (row < rows) {
    const float* from = x + row * cols;
    sum = cols % VEC == 0 ? sum_of_share<VEC>(from, cols, lane) : sum_of_share<1>(from, cols, lane);
  }
  sum = sum_across_row(sum);
  if (lane == 0 && row < rows) sums[row] = sum;
}
