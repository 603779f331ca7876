#!/usr/bin/env bash
# What a kernel prints is shown with --verbose, and only then; what `try` is doing is shown at a terminal.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cp "$data"/scale{.yaml,.cu,_reference.cu} .
sed -i 's/^extern "C" __global__.*{$/&\n  if (blockIdx.x == 0 \&\& threadIdx.x == 0) printf("block of %d\\n", blockDim.x);/' scale.cu
grep -q printf scale.cu || fail "the kernel prints nothing"
ends 0 "$evotune" try scale.yaml --verbose
grep -qx "worker: block of 32" err || fail "what it prints is not shown"
ends 0 "$evotune" try scale.yaml
! grep -q "block of" out err || fail "what it prints is shown unasked"

# At a terminal one line says what is being done, and is gone before the answer comes.
script -qec "'$evotune' try scale.yaml" /dev/null >out </dev/null
says "checking inputs 0 at" "timing"
! tail -n +2 out | grep -q "checking\|timing" || fail "the progress stays"
