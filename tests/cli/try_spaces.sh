#!/usr/bin/env bash
# scripts/try_spaces says of every space file of a folder whether its kernel runs, and what is wrong if not.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
try_spaces=$data/../../scripts/try_spaces

mkdir -p spaces/deeper
cat >spaces/reverse.cu <<'KERNEL'
__global__ void right(const int* x, int* y) { y[63 - threadIdx.x] = x[threadIdx.x]; }
__global__ void racy(const int* x, int* y) {
  __shared__ int all[64];
  all[threadIdx.x] = x[threadIdx.x];
  y[63 - threadIdx.x] = all[threadIdx.x / 2 * 2 + threadIdx.x % 2];
  all[63 - threadIdx.x] = 0;
}
__global__ void beyond(const int* x, int* y) { y[64 - threadIdx.x] = x[threadIdx.x]; }
KERNEL
cat >spaces/reference.cu <<'KERNEL'
__global__ void reference(const int* x, int* y) { if (threadIdx.x < 64 && blockIdx.x == 0) y[63 - threadIdx.x] = x[threadIdx.x]; }
KERNEL
cp spaces/*.cu spaces/deeper
mv spaces/reverse.cu spaces/reverse.cu.cc
space() {
  cat <<SPACE
kernel: {template: reverse.cu, entry: $1}
launch: {grid: 1, block: 64}
arguments: [{name: x, in: "i32[64]", values: {integers: [0, 9]}}, {name: y, out: "i32[64]"}]
measure: {min_pairs: 3, max_pairs: 3}
SPACE
}
space right | sed 's/reverse.cu/&.cc/' >spaces/right.yaml
space racy >spaces/deeper/racy.yaml
space beyond >spaces/deeper/beyond.yaml
echo 'kernels: {}' >spaces/mistake.yaml

ends 1 "$try_spaces" --evotune "$evotune" spaces
says "right    right.yaml" "race     deeper/racy.yaml" "crash    deeper/beyond.yaml" "mistake  mistake.yaml" \
  "past the end of buffer y (256 bytes), thread (0,0,0) block (0,0,0), reverse.cu:8" \
  "spaces/mistake.yaml:1:1" "1 of 4 are right, "
rm -r spaces/deeper spaces/mistake.yaml
ends 0 "$try_spaces" --evotune "$evotune" spaces
says "1 of 1 are right"
ends 2 "$try_spaces" --evotune "$evotune" /dev/null
says "no space file"
