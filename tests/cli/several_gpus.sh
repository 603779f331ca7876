#!/usr/bin/env bash
# tests/cli/several_gpus.sh EVOTUNE DOUBLE: a run on several GPUs asks what a run on one asks; it goes on
# when one is lost, and from where it was after it was killed. (DOUBLE stands for libcuda and NVRTC.)
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

export EVOTUNE_LIBCUDA=$2 EVOTUNE_NVRTC=$2 EVOTUNE_CUDA_DOUBLE_GPUS="double,double"
run=("$evotune" run "$data/scale.yaml" --evaluations 6)

ends 2 "$evotune" try "$data/scale.yaml" --device cuda:0,1
says "here use --device cuda:0"
EVOTUNE_CUDA_DOUBLE_GPUS="double,another" ends 2 "${run[@]}" --device all
says "cuda:0 is double, cuda:1 is another" "make a run of its own"

EVOTUNE_CUDA_DOUBLE_FAULTS="device_unavailable@1=" ends 0 "${run[@]}" --device all
says "cuda:1 is lost, others do its work" "finals are measured on cuda:0 alone" "6 evaluations, 0 of them failed"

"${run[@]}" --device cuda:0,1 --json >events 2>err &
killed=$!
three_are_measured() { [ "$(grep -c '"event":"evaluated"' events)" -ge 3 ]; }
waits_for three_are_measured
kill -KILL "$killed"
wait "$killed" || true
ends 0 "${run[@]}" --device cuda:0,1 --resume
says "resuming run 2" "6 evaluations, 0 of them failed"
leaves_no_process
[ "$(configurations 1)" = "$(configurations 2)" ] || fail "other questions"
ends 0 "$evotune" query --json "SELECT ordinal, json_extract(metrics, '\$.\"device.id\"') AS gpu FROM history"
holds "[i['gpu'] for i in it] == ['cuda:0'] * 6 + ['cuda:0', 'cuda:1'] * 3"
ends 0 "$evotune" query --json "SELECT device_id, device_name FROM run"
holds "it == [{'device_id': 'cuda:0,1', 'device_name': 'double'}] * 2"
