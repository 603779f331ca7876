#!/usr/bin/env bash
# tests/cli/feature.sh EVOTUNE NAME: what tests/data/features/NAME.yaml shows works from end to end: one
# configuration besides the baseline is right, a run finds one, its export is right.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

space=$data/features/$2.yaml
read -ra other < <(sed -n 's/^# try: //p' "$space")
[ ${#other[@]} -gt 0 ] || fail "$space names no configuration to try"
ends 0 "$evotune" try "$space" "${other[@]}" --json
holds "it['passed'] and it['has_nan'] is False and it['max_error'] is not None and it['speedup'] > 0"
for value in "${other[@]}"; do
  holds "str(it['config']['${value%%=*}']).lower() == '${value#*=}'"
done
# On a machine that is too noisy for finals it ends with 5; what the search has found is stored all the same.
"$evotune" run "$space" --evaluations 2 --quiet >out 2>err || [ $? = 5 ] || fail "$(cat err)"
ends 0 "$evotune" query --json "SELECT verdict, max_error FROM history"
holds "[row['verdict'] for row in it] == ['right', 'right']"
ends 0 "$evotune" export "$2" --arch sm_80 --out winner
ends 0 "$evotune" verify winner
