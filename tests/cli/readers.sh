#!/usr/bin/env bash
# Any number read while a run writes: each sees whole evaluations, and at least those that it was told of; the run is
# not disturbed. $2: how many read at once, $3: how often each at most.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readers=${2:-2} times=${3:-2}
"$evotune" run "$data/scale.yaml" --evaluations 5 --json >events 2>told &
pid=$!
told_of() { grep -c '"event":"evaluated"' events; }
waits_for told_of >/dev/null

# read_on NUMBER: a reader; its file says how often it read, or what was wrong.
read_on() {
  local least seen
  for ((reads = 0; reads < times; ++reads)); do
    kill -0 "$pid" 2>/dev/null || break
    least=$(told_of)
    seen=$("$evotune" query --csv "SELECT count(*) FROM history JOIN best USING (run)" 2>&1 >/dev/null &&
      "$evotune" query --csv "SELECT count(*) FROM history" 2>&1 | tail -n 1 | tr -d '\r') || seen="error: $seen"
    if ! [ "$seen" -ge "$least" ] 2>/dev/null; then
      echo "read '$seen', was told of $least" >"reader$1"
      return
    fi
  done
  echo "$reads" >"reader$1"
}

for ((i = 0; i < readers; ++i)); do read_on "$i" & done
code=0
wait "$pid" || code=$?
[ "$code" = 0 ] || fail "the run ended with $code: $(cat told)"
wait
total=0
for ((i = 0; i < readers; ++i)); do
  grep -qE '^[0-9]+$' "reader$i" || fail "$(cat "reader$i")"
  total=$((total + $(cat "reader$i")))
done
[ "$total" -gt 0 ] || fail "nobody has read"
ends 0 "$evotune" query --json "SELECT count(*) AS n FROM history"
holds "it == [{'n': 5}]"
echo "figure: $readers readers beside a run of 5 evaluations: read $total times, no error on either side"
