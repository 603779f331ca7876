#!/usr/bin/env bash
# The second Ctrl-C does not wait for the evaluation under way.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# The first candidate after the baseline is compiled for as long as it likes.
cat >slow-compiler <<'COMPILER'
#!/bin/sh
case "$*" in
*--version*) echo "g++ (of a test) 12" ;;
*) : >>compiling; sleep 1000 ;;
esac
COMPILER
chmod +x slow-compiler
EVOTUNE_CXX=$work/slow-compiler python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
os.execv(sys.argv[1], sys.argv[1:])' "$evotune" run "$data/scale.yaml" >out 2>err &
pid=$!
compiles() { compgen -G "$work/compiling"; }
waits_for compiles >/dev/null
kill -INT "$pid"
waits_for grep -q "again to end at once" err
kill -INT "$pid"
begun=$SECONDS code=0
wait "$pid" || code=$?
[ "$code" = 130 ] || fail "exit code $code"
[ $((SECONDS - begun)) -le 5 ] || fail "took $((SECONDS - begun)) s to end"
leaves_no_process
