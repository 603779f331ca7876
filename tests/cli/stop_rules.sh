#!/usr/bin/env bash
# A run ends for the first of its space file's reasons, and says which.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# stops STOP REASON: with this instead of the space file's own limits.
stops() {
  sed "s/^stop: .*/stop: $1/" "$data/scale.yaml" >space.yaml
  ends 0 "$evotune" run space.yaml --json
  holds "lines[-1]['reason'] == '$2'"
}
cp "$data"/scale*.cu .
stops '{target_us: 1e9, evaluations: 9}' target
holds "lines[-1]['evaluations'] == 1"
stops '{evaluations: 2}' evaluations
stops '{minutes: 0.0001}' minutes
sed -i 's/^fitness: .*/fitness: "0"/' space.yaml
cp space.yaml constant.yaml
sed 's/^stop: .*/stop: {stagnation: 1, evaluations: 60}/; s/population: 8/population: 2/' constant.yaml >space.yaml
ends 0 "$evotune" run space.yaml --json
holds "lines[-1]['reason'] == 'stagnation' and lines[-1]['evaluations'] < 60"
