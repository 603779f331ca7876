#!/usr/bin/env bash
# Other tuners' spaces and results become a space file and a recording that can be searched at once; a
# run's results go out as T4 and come back as they were.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cat >t1.json <<'JSON'
{"ConfigurationSpace": {"TuningParameters": [
  {"Name": "BX", "Type": "int", "Values": "[32, 64, 128]", "Default": 64},
  {"Name": "TILE", "Type": "int", "Values": "[1, 2]", "Default": 1}],
 "Conditions": [{"Parameters": ["BX", "TILE"], "Expression": "BX * TILE <= 128 && !(BX == 32 && TILE == 2)"}]},
 "KernelSpecification": {}}
JSON
# Cut off within its last entry, as a killed Kernel Tuner leaves it.
cat >cache.json <<'JSON'
{"device_name": "A100", "kernel_name": "add", "tune_params_keys": ["BX", "TILE"], "tune_params": {},
"cache": {
"32,1": {"BX": 32, "TILE": 1, "time": 4.0, "GFLOP/s": NaN},
"64,1": {"BX": 64, "TILE": 1, "time": 2.0},
"64,2": {"BX": 64, "TILE": 2, "time": "CompilationFailedConfig"},
"128,2": {"BX": 128, "TILE": 2, "time": "InvalidConfig"},
"128,1": {"BX": 128, "TILE": 1, "time": 1.0},
"32,2": {"BX": 32, "TI
JSON

ends 0 "$evotune" import t1.json --name only_space --out new/folder
says "new/folder/only_space.yaml: 2 parameters, 1 constraints"
ends 0 "$evotune" check --count --json new/folder/only_space.yaml
holds "it['valid'] == 4 and it['cartesian'] == 6"
grep -qF 'baseline: {config: {BX: 64, TILE: 1}}' new/folder/only_space.yaml || fail "no baseline"

ends 2 "$evotune" import cache.json
says "cache.json is there already" "--name"
ends 0 "$evotune" import cache.json --name listed --json
holds "it == {'space': 'listed.yaml', 'recording': 'listed.json', 'configurations': 5, 'failed': 2, 'left_out': 0}"
ends 0 "$evotune" import cache.json t1.json --name both
says "both.json: 4 configurations, 1 of them failed" "left out: 1 that the space forbids" "replay:both.json"
holds "'restrictions' in it and it['gpu'] == 'A100'" both.json
for recording in listed both cache; do
  ends 0 "$evotune" check --count --json $recording.json
  holds "it['valid'] == (4 if '$recording' == 'both' else 5)"
  ends 0 "$evotune" bench --device replay:$recording.json --seeds 2 --strategy random
done
ends 0 "$evotune" run both.yaml --device replay:both.json
says "4 evaluations, 1 of them failed" "1000.0 µs, 2.00×"
ends 0 "$evotune" run listed.yaml --device replay:cache.json
says "5 evaluations, 2 of them failed" "1000.0 µs, 2.00×"

ends 0 "$evotune" export 2 --format t4
says "results/listed-2.t4.json"
holds "sorted(one['measurements'][0]['value'] for one in it['results'] if one['invalidity'] == 'correct') == [1.0, 2.0, 4.0]" results/listed-2.t4.json
holds "sorted(one['invalidity'] for one in it['results']) == ['compile', 'constraints'] + 3 * ['correct']" results/listed-2.t4.json
ends 0 "$evotune" run listed.yaml --device replay:results/listed-2.t4.json
says "5 evaluations, 2 of them failed" "1000.0 µs, 2.00×"
ends 0 "$evotune" export both --format t4 --out newest.json --json
holds "it == {'out': 'newest.json', 'run': 1, 'results': 4}"

# Of a recording in which nothing is right a run says so.
cat >wrong.json <<'JSON'
{"format": "replay-space/1", "name": "wrong", "gpu": "X", "params": [{"name": "A", "values": [1, 2]}],
 "restrictions": [], "rows": [[0, null], [1, null]]}
JSON
ends 0 "$evotune" import wrong.json --out nothing
ends 2 "$evotune" run nothing/wrong.yaml --device replay:wrong.json
says "the baseline is not right"

ends 2 "$evotune" export 2 --format t5
says "t5" "t4"
ends 2 "$evotune" export 9 --format t4
says "9"
ends 2 "$evotune" import cache.json listed.json --name twice
says "both files hold results"
sed 's/BX \* TILE.*"/lambda p: p > 1"/' t1.json >function.json
ends 2 "$evotune" import function.json
says "lambda" "BM * BN <= 1024"
ends 2 "$evotune" import nowhere.json
says "there is no file nowhere.json"
sed 's/\[1, 2\]/[1, 3]/' t1.json >other.json
ends 2 "$evotune" import cache.json other.json
says "TILE = 2, which the space does not offer"
