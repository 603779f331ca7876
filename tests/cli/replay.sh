#!/usr/bin/env bash
# A run on recorded times: searched, stored, resumed and asked like any other, and marked as recorded.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

recording=$data/replay/coulomb-RTX2080Ti.json
cat >coulomb.yaml <<'YAML'
kernel: {template: nowhere.cu, entry: nothing}
parameters:
  WORK_GROUP_SIZE_X: [16, 32]
  WORK_GROUP_SIZE_Y: [2, 4, 8]
  INNER_UNROLL_FACTOR: [0, 1, 2, 4, 8, 16]
  Z_ITERATIONS: [1, 2, 4, 8, 16, 32]
  USE_CONSTANT_MEMORY: [0]
  USE_SOA: [0, 1]
  VECTOR_SIZE: [1]
  WORK_GROUP_SIZE_Z: [1]
constraints: [INNER_UNROLL_FACTOR < Z_ITERATIONS, WORK_GROUP_SIZE_X * WORK_GROUP_SIZE_Y >= 64]
launch: {grid: 1, block: 1}
arguments: [{name: y, out: "f32[1]"}]
baseline:
  config: {WORK_GROUP_SIZE_X: 32, WORK_GROUP_SIZE_Y: 8, INNER_UNROLL_FACTOR: 16, Z_ITERATIONS: 32,
           USE_CONSTANT_MEMORY: 0, USE_SOA: 0, VECTOR_SIZE: 1, WORK_GROUP_SIZE_Z: 1}
YAML

ends 0 "$evotune" run coulomb.yaml --device "replay:$recording" --evaluations 60
says "replaying coulomb-RTX2080Ti: 210 of its 210 configurations" "winner" "769.7 µs"
ends 0 "$evotune" best coulomb --json
holds "it[0]['device'] == 'replay:coulomb-RTX2080Ti (RTX 2080 Ti)' and abs(it[0]['latency_us'] - 769.696) < 1e-6"
ends 0 "$evotune" show coulomb
says "replay:coulomb-RTX2080Ti"
ends 2 "$evotune" export coulomb
says "searched recorded times" "--device cpu"

# A resumed run asks what the whole one asked.
"$evotune" query --csv "SELECT ordinal, configuration FROM history WHERE run = 1 AND ordinal < 20" >whole
# Killed after its first evaluation, and before its twentieth: the pipe that nobody reads holds ten.
python3 - "$evotune" run coulomb.yaml --device "replay:$recording" --evaluations 60 --db other.db --json <<'PYTHON'
import fcntl, os, subprocess, sys
out, end = os.pipe()
fcntl.fcntl(end, fcntl.F_SETPIPE_SZ if hasattr(fcntl, "F_SETPIPE_SZ") else 1031, 4096)
run = subprocess.Popen(sys.argv[1:], stdout=end)
os.close(end)
os.read(out, 1)
run.kill()
run.wait()
PYTHON
ends 0 "$evotune" run coulomb.yaml --device "replay:$recording" --evaluations 20 --db other.db --resume
says "resuming run 1"
"$evotune" query --db other.db --csv "SELECT ordinal, configuration FROM history WHERE run = 1" | diff whole - || fail "other questions"

# A finished run can be searched again: what it never tried is not there.
ends 0 "$evotune" run coulomb.yaml --device "replay:$EVOTUNE_DB#1" --strategy genetic --evaluations 1000
says "replaying coulomb#1: 60 of its 60 configurations" "60 evaluations" "ended by: exhausted"
ends 0 "$evotune" bench --device "replay:$EVOTUNE_DB#1,replay:$recording" --seeds 2 --strategy random --json
holds "[one['recording'] for one in it['recordings']] == ['coulomb#1', 'coulomb-RTX2080Ti']"

# What a run found on a recording may be where another one starts.
ends 0 "$evotune" run coulomb.yaml --device "replay:$EVOTUNE_DB#2" --warm-start 1 --evaluations 5
grep -qx "warm start from run 1: 60 configurations, measured on replay:coulomb-RTX2080Ti (RTX 2080 Ti)" err ||
  fail "no warm start"

ends 2 "$evotune" run coulomb.yaml --device replay:nowhere.json
says "there is no file nowhere.json"
ends 2 "$evotune" run coulomb.yaml --device "replay:$EVOTUNE_DB"
says "name one of those that \`evotune runs\` lists"
ends 2 "$evotune" run coulomb.yaml --device "replay:$recording,$recording"
says "a run takes one recording"
sed 's/USE_SOA: \[0, 1\]/USE_SOA: [0]/' coulomb.yaml >narrow.yaml
ends 2 "$evotune" run narrow.yaml --device "replay:$recording"
says "has USE_SOA = 1, which the space does not offer"
ends 2 "$evotune" try coulomb.yaml --device "replay:$recording"
says "nothing that could be compiled" "evotune run SPACE"
