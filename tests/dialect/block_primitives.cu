// The small part of CUB.
#include <cub/block/block_load.cuh>
#include <cub/block/block_radix_sort.cuh>
#include <cub/block/block_reduce.cuh>
#include <cub/block/block_scan.cuh>
#include <cub/block/block_store.cuh>
#include <cub/warp/warp_reduce.cuh>

// CUB's headers bring those of the small floats.
template <typename T>
struct WideEnough {
  using type = T;
};
template <>
struct WideEnough<nv_bfloat16> {
  using type = float;
};

struct Larger {
  __device__ float operator()(const float& a, const float& b) const { return a > b ? a : b; }
};

extern "C" __global__ void block_reduce(const float* in, float* out) {
  using Reduce = cub::BlockReduce<float, 128>;
  __shared__ typename Reduce::TempStorage room;
  __shared__ float sum, most;
  const WideEnough<nv_bfloat16>::type s = Reduce(room).Sum(in[threadIdx.x]);
  __syncthreads();
  const float m = Reduce(room).Reduce(in[threadIdx.x], Larger());
  if (threadIdx.x == 0) sum = s, most = m;
  __syncthreads();
  out[threadIdx.x] = sum + most;
}
extern "C" __global__ void block_scan(const float* in, float* out) {
  using Scan = cub::BlockScan<int, 128>;
  __shared__ typename Scan::TempStorage room;
  int before, through, whole;
  Scan(room).ExclusiveSum(static_cast<int>(in[threadIdx.x]), before, whole);
  __syncthreads();
  Scan(room).InclusiveSum(static_cast<int>(in[threadIdx.x]), through);
  out[threadIdx.x] = static_cast<float>(before + 2 * through + whole);
}
extern "C" __global__ void block_radix_sort(const float* in, float* out) {
  using Sort = cub::BlockRadixSort<float, 128, 1, int>;
  using SortBits = cub::BlockRadixSort<int, 128, 1>;
  __shared__ typename Sort::TempStorage room;
  __shared__ typename SortBits::TempStorage bits_room;
  float keys[1] = {in[threadIdx.x]};
  int values[1] = {static_cast<int>(threadIdx.x)};
  Sort(room).SortDescending(keys, values);
  int few[1] = {static_cast<int>(in[threadIdx.x])};
  SortBits(bits_room).Sort(few, 0, 2);
  out[threadIdx.x] = keys[0] + 1000.0f * static_cast<float>(values[0]) + 0.125f * static_cast<float>(few[0] & 3);
}
extern "C" __global__ void block_load_and_store(const float* in, float* out) {
  using Load = cub::BlockLoad<float, 64, 2, cub::BLOCK_LOAD_TRANSPOSE>;
  using Store = cub::BlockStore<float, 64, 2, cub::BLOCK_STORE_DIRECT>;
  __shared__ typename Load::TempStorage room;
  __shared__ typename Store::TempStorage store_room;
  if (threadIdx.x >= 64) return;
  float items[2];
  Load(room).Load(in, items);
  items[0] += items[1];
  Store(store_room).Store(out, items);
}
extern "C" __global__ void warp_reduce(const float* in, float* out) {
  using Reduce = cub::WarpReduce<float>;
  __shared__ typename Reduce::TempStorage room[4];
  const float sum = Reduce(room[threadIdx.x / 32]).Sum(in[threadIdx.x]);
  const float of_five = Reduce(room[threadIdx.x / 32]).Sum(in[threadIdx.x], 5);
  out[threadIdx.x] = __shfl_sync(~0u, sum + 2 * of_five, 0);
}
