#!/usr/bin/env bash
# Ctrl-C ends a run within seconds with 130 and the command that continues it; continued, it ends with
# the same configurations as one that was never interrupted.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

export EVOTUNE_DB="$work/a user's results.db" # a name that a shell must be shown in quotes
options=(--seed 5 --evaluations 6)
ends 0 "$evotune" run "$data/scale.yaml" "${options[@]}" --db "$work/whole.db"

has_begun() { [ "$(grep -c '"event":"evaluated"' events)" -ge 3 ]; }
# A background job of a shell without job control ignores SIGINT: python puts it back.
python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
os.execv(sys.argv[1], sys.argv[1:])' "$evotune" run "$data/scale.yaml" "${options[@]}" --json >events 2>told &
pid=$!
waits_for has_begun
kill -INT "$pid"
begun=$SECONDS code=0
wait "$pid" || code=$?
[ "$code" = 130 ] || fail "exit code $code: $(cat told)"
[ $((SECONDS - begun)) -le 30 ] || fail "took $((SECONDS - begun)) s to end"
leaves_no_process

# All that it told of is stored, and nothing else.
ends 0 "$evotune" query --json "SELECT count(*) AS n FROM history"
[ "$(grep -c '"event":"evaluated"' events)" = "$(python3 -c 'import json; print(json.load(open("out"))[0]["n"])')" ] ||
  fail "told of and stored differ"

# `evotune` in the command stands for this one.
evotune() { "$evotune" "$@"; }
command=$(grep -oE 'evotune run .* --resume.*' told) || fail "no command to continue with"
eval "ends 0 $command"
says "resuming run 1"
configurations 1 >resumed
EVOTUNE_DB=$work/whole.db configurations 1 >whole
cmp whole resumed || fail "other configurations than the run that was not interrupted"
