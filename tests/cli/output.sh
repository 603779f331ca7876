#!/usr/bin/env bash
# What scripts read is JSON whatever a compiler says, and an output that cannot be written is no success.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cp "$data"/faults* .
sed -i $'s/this one does not compile/\xff\xfe "quoted"/' faults.cu
ends 1 "$evotune" try faults.yaml FAULT=does_not_compile --json
holds "it['failed'] == 'compile' and 'quoted' in it['message'] and it['passed'] is False"

full() {
  local code=0
  "$@" >/dev/full 2>err || code=$?
  [ "$code" = 4 ] || fail "exit code $code of $*"
}
full "$evotune" check "$data/scale.yaml" --count --json
full "$evotune" check "$data/scale.yaml" --count
full "$evotune" doctor
full "$evotune" --help
