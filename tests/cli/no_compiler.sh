#!/usr/bin/env bash
# Without a host compiler the CPU device says what to install.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

EVOTUNE_CXX=/nonexistent ends 2 "$evotune" try "$data/scale.yaml"
says "/nonexistent" "EVOTUNE_CXX"
mkdir empty
PATH=$work/empty ends 2 "$evotune" try "$data/scale.yaml"
says "install" "g++"
PATH=$work/empty ends 2 "$evotune" run "$data/scale.yaml"
says "install" "g++"
[ ! -e "$EVOTUNE_DB" ] || [ "$("$evotune" query --csv 'SELECT count(*) FROM run' | tail -n 1)" = 0 ] ||
  fail "a run that could not begin was stored"
leaves_no_process
