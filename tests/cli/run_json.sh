#!/usr/bin/env bash
# `run --json` prints one event a line on stdout, and nothing else there or on stderr.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

ends 0 "$evotune" run "$data/scale.yaml" --evaluations 3 --json
# On a busy machine a warning says that times are unsteady.
holds "[e['event'] for e in lines if e['event'] != 'warning'] == ['evaluated'] * 3 + ['finished']"
holds "[e['ordinal'] for e in lines[:3]] == [0, 1, 2] and lines[0]['origin'] == 'baseline'"
holds "all({'config', 'latency_us', 'speedup', 'speedup_low', 'speedup_high', 'max_error', 'fitness', 'passed',
            'best', 'evaluations', 'seconds', 'metrics', 'generation'} <= e.keys() for e in lines[:3])"
holds "{'run', 'reason', 'evaluations', 'failures', 'champion', 'self_test'} <= lines[-1].keys()"
holds "lines[-1]['run'] == 1 and lines[-1]['reason'] == 'evaluations' and lines[-1]['failures'] == 0"
[ ! -s err ] || fail "stderr is not empty"
