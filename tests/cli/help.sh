#!/usr/bin/env bash
# Every command explains itself, with examples.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

ends 0 "$evotune" --help
for command in run check try best runs show query recover export verify bench doctor; do
  says "$command"
done
grep -q worker out && fail "the hidden command is not hidden"
for command in run check try best runs show query recover export verify bench doctor; do
  ends 0 "$evotune" "$command" --help
  says "Example" "evotune $command"
done
ends 0 "$evotune" --version
