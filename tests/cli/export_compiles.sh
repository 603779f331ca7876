#!/usr/bin/env bash
# The exported kernel compiles by itself with nvcc, where there is one, as does the header with its
# example for the host. $2 is the database of run.sh.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

nvcc=$(command -v nvcc || ls "${CUDA_HOME:-/usr/local/cuda}/bin/nvcc" 2>/dev/null) || skip "no nvcc"
cp "$2" "$EVOTUNE_DB"
ends 0 "$evotune" export scale --out winner
ends 0 "$nvcc" -arch=sm_90 -cubin -o kernel.cubin winner/kernel.cu
[ -s kernel.cubin ] || fail "no cubin"
