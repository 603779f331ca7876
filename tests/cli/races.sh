#!/usr/bin/env bash
# A kernel that answers rightly here, but only because threads happen to run in order, is found out by try,
# run and inspect; inspect shows what is known of a variant without a GPU.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cat >sums.cu <<'KERNEL'
#ifndef BARRIER
#define BARRIER true
#endif
extern "C" __global__ void sums(const float* x, float* y, int n) {
  __shared__ float tile[64];
  const int i = blockIdx.x * 64 + threadIdx.x;
  tile[threadIdx.x] = i < n ? x[i] : 0;
  if (BARRIER) __syncthreads();
  const float left = threadIdx.x > 0 ? tile[threadIdx.x - 1] : 0;
  if (i < n) y[i] = tile[threadIdx.x] + left;
}
KERNEL
cat >sums_reference.cu <<'KERNEL'
extern "C" __global__ void reference(const double* x, double* y, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) y[i] = x[i] + (i % 64 > 0 ? x[i - 1] : 0);
}
KERNEL
cat >sums.yaml <<'SPACE'
name: sums
kernel: {template: sums.cu, entry: sums}
problem: {N: 1000}
shapes: {check: [{N: 65}]}
parameters: {BARRIER: [true, false]}
launch: {grid: ["ceil_div(N, 64)"], block: [64]}
arguments:
  - {name: x, in: "f32[N]"}
  - {name: y, out: "f32[N]"}
  - {name: n, scalar: i32, value: N}
reference: sums_reference.cu
baseline: {config: {BARRIER: true}}
verify: {relative: 1e-6, races: every}
metrics: {gflops: N / latency_us / 1000}
search: {strategy: exhaustive}
stop: {evaluations: 2}
measure: {min_pairs: 3, max_pairs: 3}
SPACE

ends 1 "$evotune" try sums.yaml BARRIER=false
says "race: race on byte" "of shared tile" "write in sums.cu:7 by thread" "read in sums.cu:9 by thread" \
  "no __syncthreads between them"
ends 0 "$evotune" run sums.yaml --quiet
ends 0 "$evotune" query --csv "SELECT configuration, stage FROM failures"
says "BARRIER=false,race"

ends 1 "$evotune" inspect sums.yaml BARRIER=false --arch sm_90
says "races:" "no __syncthreads between them" "tile[threadIdx.x] = i < n ? x[i] : 0;"
ends 0 "$evotune" inspect sums.yaml --best --arch sm_90 --json
holds "it['sound'] and it['config'] == {'BARRIER': True} and it['flops'] == 1000"
holds "not any(shape['races'] for shape in it['races']) and len(it['races']) == 2"
holds "it['memory']['least_bytes'] == 8000 and it['memory']['shared_passes'] > 0"
holds "[s['line'] for s in it['memory']['sites'] if s['memory'] == 'global'] == [7, 10]"
holds "not it['nvrtc'] or it['compiled'][0]['warps_per_sm'] == 64"
ends 2 "$evotune" inspect sums.yaml --best BARRIER=true

# Half of the tile is never written: what lies there decides the answer, and the line is told.
cat >sums.cu <<'KERNEL'
#ifndef BARRIER
#define BARRIER true
#endif
extern "C" __global__ void sums(const float* x, float* y, int n) {
  __shared__ float tile[64];
  const int i = blockIdx.x * 64 + threadIdx.x;
  if (BARRIER || threadIdx.x < 32) tile[threadIdx.x] = i < n ? x[i] : 0;
  __syncthreads();
  const float left = threadIdx.x > 0 ? tile[threadIdx.x - 1] : 0;
  if (i < n) y[i] = tile[threadIdx.x] + left;
}
KERNEL
fault="read of shared tile at byte 128, which no thread has written and the answer depends on, \
thread (32,0,0) block (0,0,0), sums.cu:10"
ends 1 "$evotune" try sums.yaml BARRIER=false
says "verify:" "NaN or infinite (never written?)" "$fault"
ends 1 "$evotune" inspect sums.yaml BARRIER=false --arch sm_90
says "faults and races:" "at N=65: $fault"
ends 1 "$evotune" inspect sums.yaml BARRIER=false --arch sm_90 --json
holds "it['races'][0]['faults'][0]['fault'] == 'unwritten' and it['races'][0]['faults'][0]['by']['line'] == 10"
leaves_no_process

# Who makes more accesses than are followed is told how many blocks were.
cat >dots.cu <<'KERNEL'
extern "C" __global__ void dots(const float* x, float* y, int n) {
  float sum = 0;
  for (int i = 0; i < n; ++i) sum += x[i];
  y[blockIdx.x * 64 + threadIdx.x] = sum;
}
KERNEL
cat >dots_reference.cu <<'KERNEL'
extern "C" __global__ void reference(const double* x, double* y, int n) {
  double sum = 0;
  for (int i = 0; i < n; ++i) sum += x[i];
  y[blockIdx.x * 64 + threadIdx.x] = sum;
}
KERNEL
cat >dots.yaml <<'SPACE'
name: dots
kernel: {template: dots.cu, entry: dots}
problem: {N: 16384, BLOCKS: 24}
parameters: {B: [64]}
launch: {grid: [BLOCKS], block: [B]}
arguments:
  - {name: x, in: "f32[N]"}
  - {name: y, out: "f32[64 * BLOCKS]"}
  - {name: n, scalar: i32, value: N}
reference: {file: dots_reference.cu, launch: {grid: [BLOCKS], block: [64]}}
baseline: {config: {B: 64}}
verify: {relative: 1e-3}
measure: {min_pairs: 3, max_pairs: 3}
SPACE
ends 0 "$evotune" try dots.yaml
says "no race; at BLOCKS=24,N=16384: 20 of 24 blocks were followed to their end"
