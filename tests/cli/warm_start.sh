#!/usr/bin/env bash
# A run can start from what an earlier one with another problem found; which one is part of what it is.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

ends 0 "$evotune" run "$data/scale.yaml" --evaluations 3 --warm-start auto
says "no finished run of this kernel elsewhere: starting cold"
larger=("$evotune" run "$data/scale.yaml" --problem N=30000)
ends 0 "${larger[@]}" --evaluations 3 --warm-start auto
says "warm start from run 1: 3 configurations" "with N=20000"
ends 0 "$evotune" query --json "SELECT a.origin, a.configuration = b.configuration AS same FROM history a
  JOIN history b USING (ordinal) WHERE a.run = 2 AND b.run = 1 ORDER BY ordinal"
holds "it[2] == {'origin': 'precedent', 'same': 1}"
ends 0 "$evotune" query --json "SELECT json_extract(settings, '\$.warm_start') AS source FROM run ORDER BY id"
holds "it == [{'source': None}, {'source': 1}]"
ends 2 "${larger[@]}" --warm-start 7
says "no run 7 to start from" "evotune runs"
ends 2 "${larger[@]}" --warm-start soon
says "'soon' is no run"
ends 2 "${larger[@]}" --warm-start 1 --strategy random
says "has no use for earlier outcomes"
