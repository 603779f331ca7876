#!/usr/bin/env bash
# Every command explains itself, with examples.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

ends 0 "$evotune" --help
says "  run  " "  export  "
grep -q worker out && fail "the hidden command is not hidden"
commands=$(sed -n '/^Subcommands:/,/^$/s/^  \([a-z]*\) .*/\1/p' out)
[ "$(wc -w <<<"$commands")" -ge 15 ] || fail "which commands are there?"
for command in $commands; do
  ends 0 "$evotune" "$command" --help
  says "Example" "evotune $command"
  grep -q "(.x)" out && fail "the usage of '$command' counts in CLI11's way"
done
ends 0 "$evotune" import --help
says "import [OPTIONS] files..."
ends 0 "$evotune" --version
