#!/usr/bin/env bash
# A worker that survives SIGKILL is a lost device: half a minute later the run has ended with 5 and the command that
# continues it, all that was evaluated is stored. scripts/soak runs it, for it takes as long as it says.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

ends 5 "$evotune" run "$data/undying.yaml" --json
took=$(python3 -c 'import os, time; print(f"{time.time() - os.path.getmtime('\'out\''):.1f}")') # since it last told of one
says "cannot be killed" "--resume"
ends 0 "$evotune" query --json "SELECT configuration FROM history"
holds "[row['configuration'] for row in it] == ['BLOCK=64,UNDYING=0', 'BLOCK=128,UNDYING=0']"
holds "$took <= 35"
none_is_left() { [ -z "$(processes_left)" ]; }
waits_for none_is_left # what holds the worker lets go after 45 s
echo "figure: exit code 5 $took s after the last evaluation of a run whose worker survives SIGKILL, 0 of 2 evaluations lost"
