#!/usr/bin/env bash
# Without NVRTC `check` does what it can, says what it skipped and how to get it, and ends with 0.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

export EVOTUNE_NVRTC=/nonexistent
ends 0 "$evotune" check "$data/scale.yaml"
says "60 of 60 configurations are valid" "not compiled for GPUs" "/nonexistent"
ends 0 "$evotune" check "$data/scale.yaml" --json
holds "it['valid'] == 60 and it['compiled'] == []"
ends 0 "$evotune" doctor
says "NVRTC"
