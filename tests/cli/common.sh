# shellcheck shell=bash
# Sourced by tests/cli/*.sh, each of which shows one behaviour that a user can see. Usage of a test:
# tests/cli/NAME.sh EVOTUNE [ARGUMENT…]. It runs in a folder of its own, with a database of its own;
# exit code 77 means skipped.

set -euo pipefail

# shellcheck disable=SC2034 # for the tests
data=$(cd "$(dirname "${BASH_SOURCE[0]}")/../data" && pwd)
evotune=$1
work=$(mktemp -d "${TMPDIR:-/tmp}/evotune-cli-XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
export EVOTUNE_DB=$work/results.db
export EVOTUNE_CACHE=${EVOTUNE_CACHE:-$work/cache}
export EVOTUNE_LIBCUDA=none # --device auto is the CPU, also where there is a GPU

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  for file in "$work"/out "$work"/err; do
    [ ! -s "$file" ] || sed "s|^|${file##*/}: |" "$file" | tail -n 40 >&2
  done
  exit 1
}

skip() {
  printf 'skipped: %s\n' "$*"
  exit 77
}

# ends CODE COMMAND…: the command's output is in out and err afterwards.
ends() {
  local wanted=$1 code=0
  shift
  "$@" >out 2>err </dev/null || code=$?
  [ "$code" = "$wanted" ] || fail "exit code $code, not $wanted, of: $*"
}

# says TEXT…: each stands in the output of the last command.
says() {
  local text
  for text in "$@"; do
    grep -qF -- "$text" out err || fail "it does not say '$text'"
  done
}

# holds EXPRESSION [FILE]: a Python expression about `it`, the JSON value in the file (default: out), and
# `lines`, the values of its lines where it has one in each.
holds() {
  python3 - "$1" "${2:-out}" <<'PYTHON' || fail "not so: $1"
import json, sys
expression, path = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    text = file.read()
def refuse(constant):
    raise ValueError("no JSON: " + constant)
it, lines = None, None
try:
    it = json.loads(text, parse_constant=refuse)
except json.JSONDecodeError:
    lines = [json.loads(line, parse_constant=refuse) for line in text.splitlines()]
sys.exit(0 if eval(expression, {"it": it, "lines": lines}) else 1)
PYTHON
}

# configurations RUN: what a run has evaluated, in its order.
configurations() {
  "$evotune" query --csv "SELECT ordinal, configuration, verdict FROM history WHERE run = $1 ORDER BY ordinal"
}

# Everything that evotune starts inherits the name of this test's database.
processes_left() {
  local folder
  for folder in /proc/[0-9]*; do
    if [ "$folder" != "/proc/$$" ] && grep -qzF "EVOTUNE_DB=$EVOTUNE_DB" "$folder/environ" 2>/dev/null &&
      ! grep -qaE '^(grep|tr|sleep)' "$folder/cmdline" 2>/dev/null; then
      printf '%s %s\n' "${folder#/proc/}" "$(tr '\0' ' ' <"$folder/cmdline" 2>/dev/null || true)"
    fi
  done
}

# No worker, compiler or evotune is left; those that were just killed get a moment to go.
leaves_no_process() {
  local left=
  for _ in $(seq 50); do
    left=$(processes_left)
    [ -n "$left" ] || return 0
    sleep 0.1
  done
  fail "still running: $left"
}

# waits_for COMMAND…: until it succeeds; a machine under load may take its time.
waits_for() {
  for _ in $(seq 600); do
    if "$@" 2>/dev/null; then return 0; fi
    sleep 0.05
  done
  fail "waited in vain for: $*"
}
