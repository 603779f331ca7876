#!/usr/bin/env bash
# A damaged database is refused by whoever reads it, with the command that saves what is good; a run goes on
# from what was saved. $2 is the database of run.sh.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# damage FILE: another digit in one of the times that it holds.
damage() {
  python3 - "$1" <<'PYTHON'
import sqlite3, sys
sqlite3.connect(sys.argv[1]).execute("PRAGMA wal_checkpoint(TRUNCATE)")
with open(sys.argv[1], "r+b") as file:
    at = file.read().index(b"[[") + 6
    file.seek(at)
    digit = file.read(1)
    assert digit.isdigit()
    file.seek(at)
    file.write(bytes([digit[0] ^ 1]))
PYTHON
}

cp "$2" "$EVOTUNE_DB"
damage "$EVOTUNE_DB"
before=$(md5sum <"$EVOTUNE_DB")
for reader in "best" "runs" "show run 1" "export scale" "query SELECT(1)"; do
  # shellcheck disable=SC2086 # words of a command
  ends 4 "$evotune" $reader
  says "damaged" "evotune recover $EVOTUNE_DB"
done
ends 0 "$evotune" recover "$EVOTUNE_DB"
says "evotune runs --db $work/results.recovered.db" "run 1"
ends 0 "$evotune" best scale --db results.recovered.db
ends 2 "$evotune" recover "$EVOTUNE_DB" # it would overwrite what it has saved
says "exists already"
[ "$before" = "$(md5sum <"$EVOTUNE_DB")" ] || fail "the damaged file was touched"

export EVOTUNE_DB=$work/killed.db
"$evotune" run "$data/scale.yaml" --seed 5 --evaluations 4 --json >events 2>told &
pid=$!
has_begun() { [ "$(grep -c '"event":"evaluated"' events)" -ge 3 ]; }
waits_for has_begun
kill -KILL "$pid"
wait "$pid" || true
leaves_no_process
damage "$EVOTUNE_DB"
ends 0 "$evotune" recover "$EVOTUNE_DB" -o good.db --json
holds "it['out'] == 'good.db' and it['things']['run'] == {'kept': 1, 'lost': []}"
holds "len(it['things']['evaluation']['lost']) == 1 and it['things']['evaluation']['kept'] >= 2"
ends 0 "$evotune" run "$data/scale.yaml" --seed 5 --evaluations 4 --resume --db good.db
says "resuming run 1"
EVOTUNE_DB=good.db ends 0 "$evotune" query --json "SELECT ordinal FROM history ORDER BY ordinal"
holds "[row['ordinal'] for row in it] == [0, 1, 2, 3]"
