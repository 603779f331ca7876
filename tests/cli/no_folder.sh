#!/usr/bin/env bash
# A place where no database can be is said so before any work is done.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

: >file
ends 4 "$evotune" run "$data/scale.yaml" --db "$work/file/results.db"
says "$work/file"
ends 4 "$evotune" run "$data/scale.yaml" --db /proc/evotune/results.db
says "/proc/evotune"
ends 4 "$evotune" run "$data/scale.yaml" --db "$work"
says "$work"
if [ "$(id -u)" != 0 ]; then # who is root may write everywhere
  mkdir read_only && chmod a-w read_only
  ends 4 "$evotune" run "$data/scale.yaml" --db read_only/results.db
  says "read_only"
fi
