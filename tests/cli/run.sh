#!/usr/bin/env bash
# `run` tunes, stores what it finds, names the winner and ends with 0. Keeps its database as $2, for
# the tests that ask one.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

ends 0 "$evotune" run "$data/scale.yaml" --evaluations 5 --seed 3
says "run 1: 5 evaluations, 0 of them failed; ended by: evaluations" "60 valid configurations"
grep -qE 'winner|no improvement' out || fail "no verdict"
leaves_no_process
ends 0 "$evotune" query --json "SELECT origin, verdict FROM history ORDER BY ordinal"
holds "len(it) == 5 and it[0]['origin'] == 'baseline' and it[1]['origin'] == 'preset:strided'"
holds "all(row['verdict'] == 'right' for row in it)"
if [ $# -ge 2 ]; then cp "$EVOTUNE_DB" "$2"; fi
