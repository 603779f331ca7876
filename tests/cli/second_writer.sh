#!/usr/bin/env bash
# A database has one writer: a second is refused at once, readers are not.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

"$evotune" run "$data/scale.yaml" --evaluations 50 --json >events 2>err &
pid=$!
has_begun() { grep -q '"event":"evaluated"' events; }
waits_for has_begun
begun=${EPOCHREALTIME/./}
ends 4 "$evotune" run "$data/scale.yaml" --evaluations 1
echo "figure: a second writer was refused after $(((${EPOCHREALTIME/./} - begun) / 1000)) ms"
says "$EVOTUNE_DB" "$pid"
ends 0 "$evotune" runs
says unfinished
kill -KILL "$pid"
wait "$pid" || true
leaves_no_process
