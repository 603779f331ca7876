#pragma once

#include <string>

namespace evotune {

/// A space file that uses every section.
inline const std::string example_space = R"yaml(name: gemm_f32
kernel: {template: gemm_f32, entry: "gemm<BM, T>"}
problem: {M: 512, N: 512, K: 512}
shapes:
  check: [{M: 65, N: 33, K: 17}, {M: 1, N: 1, K: 1}]
  held_out: [{M: 127, N: 255, K: 129}]
parameters:
  BM: [16, 32, 64, 128]
  BN: [16, 32, 64]
  TM: {powers_of_two: [1, 8]}
  STAGES: {range: [1, 3]}
  LAYOUT: [row, col]
  SOFTMAX: {files: [warp.cuh, parts/serial.cuh]}
  T: {types: [float, half]}
  BLOCKS: [device.sms, 2 * device.sms, 7]
let: {threads: (BM // TM) * BN, tile_bytes: 4 * STAGES * BM}
constraints: [threads <= 1024, tile_bytes <= device.shared_bytes]
launch: {grid: ["ceil_div(N, BN)", "ceil_div(M, BM)"], block: [threads], shared_bytes: tile_bytes}
options: {fast_math: [false, true], max_registers: [0, 64], fmad: true}
arguments:
  - {name: A, in: "f32[M, K]", values: uniform}
  - {name: B, in: "T[K, max(N, 1)]"}
  - {name: picks, in: "i32[N]", values: {integers: [0, N - 1]}}
  - {name: table, in: "f32[K]", values: data/table.npy}
  - {name: C, out: "f32[M, N]"}
  - {name: work, scratch: "u8[BLOCKS * 4]"}
  - {constant: filter, type: "f32[K]", values: one_hot}
  - {name: M, scalar: i32, value: M}
reference: {file: reference.cu, entry: gemm_reference, launch: {grid: [M], block: 64}}
baseline: {config: {BM: 16, TM: 1, LAYOUT: row, SOFTMAX: warp.cuh, T: float, BLOCKS: device.sms}}
presets: {naive: {BM: 16}, tiled: {BM: 64, BN: 64}}
verify: {max_abs: 1e-3, reduction: K}
gates: {no_spills: spill_bytes == 0}
metrics: {gflops: 2 * M * N * K / latency_us / 1000, per_sm: gflops / device.sms}
fitness: speedup - max_error + per_sm
search: {strategy: random, population: 12, elite: 0.25, generations: 3, batch: 4, design: 6, candidates: 100, brood: 32}
stop: {evaluations: 240, minutes: 30, target_us: 28, stagnation: 5}
measure: {min_pairs: 5, max_pairs: 9, max_seconds: 0.5, half_width: 0.01, drop_margin: 0.1}
)yaml";

}  // namespace evotune
