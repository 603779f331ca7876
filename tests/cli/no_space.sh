#!/usr/bin/env bash
# A disk that fills up ends the run with 4; what was told of is stored, and the run can be continued.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# No file may grow beyond so many KiB: the database's do, while workloads and compiled kernels stay below.
# shellcheck disable=SC2016
run_in_little_space='ulimit -f "$1"; trap "" XFSZ; shift; exec "$@"'
code=0
bash -c "$run_in_little_space" - 320 "$evotune" run "$data/scale.yaml" --problem N=2000 --json >out 2>err || code=$?
[ "$code" = 4 ] || fail "exit code $code"
says "$EVOTUNE_DB"
leaves_no_process
told=$(grep -c '"event":"evaluated"' out || true)
ends 0 "$evotune" query --json "SELECT count(*) AS n FROM history"
holds "it[0]['n'] >= $told > 0"
ends 0 "$evotune" run "$data/scale.yaml" --problem N=2000 --resume --evaluations "$((told + 1))"
says "resuming run 1"
