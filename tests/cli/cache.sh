#!/usr/bin/env bash
# What was compiled once is not compiled again, neither by another run nor for the finals; `cache` says
# what is kept and removes it.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

export EVOTUNE_CACHE=$work/cache
compiler=$(command -v clang++ || command -v g++) || skip "no C++ compiler"
cat >compiler <<SCRIPT
#!/bin/sh
case \$* in *.so*) echo compiled >>"$work/compilations" ;; esac
exec $compiler "\$@"
SCRIPT
chmod +x compiler
export EVOTUNE_CXX=$work/compiler

ends 0 "$evotune" try "$data/scale.yaml" BLOCK=64
first=$(wc -l <compilations)
[ "$first" = 3 ] || fail "$first compilations, not one each of the baseline, the candidate and the reference"
ends 0 "$evotune" try "$data/scale.yaml" BLOCK=64
[ "$(wc -l <compilations)" = "$first" ] || fail "the same was compiled again"

ends 0 "$evotune" cache --json
holds "it['path'] == '$work/cache' and it['entries'] == $first and 0 < it['bytes'] < it['cap_bytes']"
ends 0 "$evotune" cache --clear
says "removed $first entries" "0 compiled kernels"
EVOTUNE_CACHE=off ends 0 "$evotune" try "$data/scale.yaml" BLOCK=64
EVOTUNE_CACHE=off ends 0 "$evotune" cache
says "the cache is off"
[ ! -e cache ] || [ -z "$(ls cache)" ] || fail "something was kept in a cache that is off"
