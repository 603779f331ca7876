// Cooperative groups.
#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>
#include <cooperative_groups/scan.h>
namespace cg = cooperative_groups;

struct Larger {
  __device__ float operator()(float a, float b) const { return a > b ? a : b; }
};
__device__ float block_sum(cg::thread_group group, float* room, float v) {
  const int rank = group.thread_rank();
  for (int i = group.size() / 2; i > 0; i /= 2) {
    room[rank] = v;
    group.sync();
    if (rank < i) v += room[rank + i];
    group.sync();
  }
  return v;
}

extern "C" __global__ void block_group(const float* in, float* out) {
  __shared__ float room[128];
  __shared__ float total;
  cg::thread_block block = cg::this_thread_block();
  const float sum = block_sum(block, room, in[block.thread_rank()]);
  if (block.thread_rank() == 0) total = sum;
  block.sync();
  out[threadIdx.x] = total + block.size() + block.group_index().x + block.thread_index().x;
}
extern "C" __global__ void tiles_shuffle(const float* in, float* out) {
  auto tile = cg::tiled_partition<16>(cg::this_thread_block());
  float v = in[threadIdx.x];
  for (int i = tile.size() / 2; i > 0; i /= 2) v += tile.shfl_xor(v, i);
  v += tile.shfl(in[threadIdx.x], 3) + tile.shfl_up(in[threadIdx.x], 1) + tile.shfl_down(in[threadIdx.x], 2);
  v += tile.any(tile.thread_rank() == 5) + 2 * tile.all(1) + tile.meta_group_rank() + tile.meta_group_size();
  v += __popc(tile.ballot(tile.thread_rank() < 3));
  tile.sync();
  out[threadIdx.x] = v;
}
extern "C" __global__ void tiles_reduce(const float* in, float* out) {
  auto warp = cg::tiled_partition<32>(cg::this_thread_block());
  auto quad = cg::tiled_partition<4>(warp);
  const float v = in[threadIdx.x];
  out[threadIdx.x] = cg::reduce(warp, v, cg::plus<float>()) + cg::reduce(quad, v, cg::greater<float>()) +
                     cg::reduce(quad, v, Larger()) +
                     cg::reduce(warp, v, [](float a, float b) { return a < b ? a : b; });
}
/// Tiles of two warps.
extern "C" __global__ void tiles_of_warps(const float* in, float* out) {
  __shared__ cg::block_tile_memory<128> memory;
  __shared__ float line[128];
  auto block = cg::this_thread_block(memory);
  auto tile = cg::tiled_partition<64>(block);
  line[threadIdx.x] = in[threadIdx.x];
  tile.sync();
  float v = line[64 * tile.meta_group_rank() + 63 - tile.thread_rank()];
  v += cg::reduce(tile, in[threadIdx.x], cg::plus<float>());
  v += tile.shfl(in[threadIdx.x], 40) + tile.any(tile.thread_rank() == 50) + 2 * tile.all(threadIdx.x < 64) + tile.meta_group_size();
  const auto both = cg::tiled_partition<128>(block);
  if (tile.meta_group_rank() == 0) tile.sync();
  both.sync();
  const auto warp = cg::tiled_partition<32>(tile);
  out[threadIdx.x] = v + warp.meta_group_rank() + cg::exclusive_scan(tile, 1, cg::plus<int>());
}
/// Parts of a tile of the block that are more than a warp.
extern "C" __global__ void parts_of_tiles(const float* in, float* out) {
  __shared__ cg::block_tile_memory<128> memory;
  __shared__ float line[128];
  const auto whole = cg::tiled_partition<128>(cg::this_thread_block(memory));
  const auto part = cg::tiled_partition<64>(whole);
  const int first = 64 * part.meta_group_rank();
  line[threadIdx.x] = in[threadIdx.x];
  part.sync();
  const float sum = cg::reduce(part, line[first + 63 - part.thread_rank()], cg::plus<float>());
  out[threadIdx.x] = sum + 10 * part.meta_group_rank() + part.meta_group_size() + part.shfl(in[threadIdx.x], 3);
}
extern "C" __global__ void tiles_scan(const float* in, float* out) {
  auto tile = cg::tiled_partition<8>(cg::this_thread_block());
  const float v = in[threadIdx.x];
  out[threadIdx.x] = cg::inclusive_scan(tile, v) + 2 * cg::exclusive_scan(tile, v);
}
extern "C" __global__ void coalesced_lanes(const float* in, float* out) {
  float v = -1;
  if (threadIdx.x % 3 == 1) {
    cg::coalesced_group active = cg::coalesced_threads();
    v = cg::reduce(active, in[threadIdx.x], cg::plus<float>()) + active.size() + active.shfl(in[threadIdx.x], 0);
    active.sync();
  }
  out[threadIdx.x] = v;
}
/// The usual aggregated atomic: one of the lanes counts for all.
extern "C" __global__ void aggregated_counter(const float*, float* out) {
  __shared__ int count;
  if (threadIdx.x == 0) count = 0;
  __syncthreads();
  if (threadIdx.x % 2 == 0) {
    auto active = cg::coalesced_threads();
    int first = 0;
    if (active.thread_rank() == 0) first = atomicAdd(&count, active.size());
    first = active.shfl(first, 0) + active.thread_rank();
    out[first] = 1;
  }
  __syncthreads();
  if (threadIdx.x >= 64) out[threadIdx.x] = count;
}
/// Every block adds what all blocks have written.
extern "C" __global__ void whole_grid(const float* in, float* out) {
  __shared__ float own[128];
  auto grid = cg::this_grid();
  own[threadIdx.x] = in[threadIdx.x];
  out[grid.thread_rank()] = 0;
  grid.sync();
  atomicAdd(&out[127 - threadIdx.x], own[threadIdx.x]);
  grid.sync();
  if (grid.block_rank() == 0) out[threadIdx.x] += static_cast<float>(grid.num_blocks());
}
