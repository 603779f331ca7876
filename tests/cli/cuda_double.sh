#!/usr/bin/env bash
# tests/cli/cuda_double.sh EVOTUNE DOUBLE: a run on a GPU (DOUBLE stands for libcuda and NVRTC, and fails as
# it is told to) in which kernels fault, find no memory and answer wrongly: each has its own verdict, and
# the run goes on to its finals (what they say is a matter of time, which a double has no say in).
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

export EVOTUNE_LIBCUDA=$2 EVOTUNE_NVRTC=$2
ends 0 "$evotune" doctor
says "cuda:0: double of a GPU, sm_80"

space=$data/../../search_spaces/gemm_f32.yaml
export EVOTUNE_CUDA_DOUBLE_FAULTS="illegal_address=#define VEC 4;out_of_memory=#define PAD 1;wrong_result=#define STAGES 2"
ends 0 "$evotune" run "$space" --device cuda:0 --problem M=32,N=32,K=32 --evaluations 5 --quiet
says "5 evaluations"
grep -qE 'winner|no improvement' out || fail "no verdict"
leaves_no_process
ends 0 "$evotune" query --json "SELECT configuration, stage, message FROM failures WHERE NOT final"
# Whoever has a setting of a rule, and none of an earlier one, met its end.
holds "len(it) >= 2 and all(
  (f['stage'], 'ILLEGAL_ADDRESS (700)' in f['message']) == ('crash', True) if 'VEC=4' in f['configuration'] else
  f['stage'] == ('out_of_memory' if 'PAD=1' in f['configuration'] else 'verify') for f in it)"
ends 0 "$evotune" query --json "SELECT device_id, device_name FROM run"
holds "it == [{'device_id': 'cuda:0', 'device_name': 'double of a GPU'}]"
