#!/usr/bin/env bash
# A database has one writer: a second is refused at once, readers are not.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

"$evotune" run "$data/scale.yaml" --evaluations 50 --json >events 2>err &
pid=$!
has_begun() { grep -q '"event":"evaluated"' events; }
waits_for has_begun
begun=$(date +%s.%N)
ends 4 "$evotune" run "$data/scale.yaml" --evaluations 1
python3 -c 'import sys, time; print(f"figure: a second writer was refused after {time.time() - float(sys.argv[1]):.2f} s")' "$begun"
says "$EVOTUNE_DB" "$pid"
ends 0 "$evotune" runs
says unfinished
kill -KILL "$pid"
wait "$pid" || true
leaves_no_process
