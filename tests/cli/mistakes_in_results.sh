#!/usr/bin/env bash
# Who asks for results that are not there is told what there is. $2 is the database of run.sh.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cp "$2" "$EVOTUNE_DB"
ends 2 "$evotune" best scal
says "scale"
ends 2 "$evotune" show run 7
says "no run 7" "evotune runs"
ends 2 "$evotune" export scal --out winner
says "scale"
ends 2 "$evotune" export scale --candidate 999 --out winner
says "999"
[ ! -e winner ] || fail "a failed export left its folder"
ends 2 "$evotune" query "SELECT confguration FROM best"
says "confguration"
ends 2 "$evotune" query "DELETE FROM individual"
ends 0 "$evotune" query --json "SELECT count(*) AS n FROM individual"
holds "it == [{'n': 5}]"
printf 'no database' >"$EVOTUNE_DB"
ends 4 "$evotune" runs
says "$EVOTUNE_DB"
