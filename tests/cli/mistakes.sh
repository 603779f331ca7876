#!/usr/bin/env bash
# A user's mistake ends with 2, says where it is and what would be accepted.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

ends 2 "$evotune" run "$data/scale.yaml" --evaluation 5
says "--evaluation"
ends 2 "$evotune" tune "$data/scale.yaml"
ends 2 "$evotune"
says "--help"
ends 2 "$evotune" run "$data/scale.yaml" --evaluations none
says "--evaluations"
ends 2 "$evotune" run nowhere.yaml
says "nowhere.yaml"
ends 2 "$evotune" run "$data/scal.yaml"
says "did you mean '$data/scale.yaml'"
mkdir search_spaces && cp "$data/scale.yaml" search_spaces
ends 2 "$evotune" run scale
says "did you mean 'search_spaces/scale.yaml'"
ends 2 "$evotune" run "$data/scale.yaml" --device gpu
says "gpu" "cpu"
ends 2 "$evotune" try "$data/scale.yaml" BLOK=64
says "BLOK" "BLOCK"
ends 2 "$evotune" try "$data/scale.yaml" BLOCK=63
says "63" "64"
ends 2 "$evotune" try "$data/scale.yaml" BLOCK
says "NAME=VALUE"
ends 2 "$evotune" try "$data/scale.yaml" --preset stride
says "strided"
ends 2 "$evotune" try "$data/faults.yaml" FAULT=nan BLOCK=128
says "not a valid configuration"
ends 2 "$evotune" run "$data/scale.yaml" --problem M=5
says "M" "N"
ends 2 "$evotune" run --problem N=5 K=6 "$data/scale.yaml"
says "--problem M=64,N=64"
ends 2 "$evotune" run "$data/scale.yaml" --strategy evolv
says "evolve"
ends 2 "$evotune" verify "$work"
ends 2 "$evotune" query "SELECT 1"
says "no results database at $EVOTUNE_DB" "evotune run"

# Both mistakes, each with file, line and column.
sed -e 's/^verify:/verifi:/' -e 's/BLOCK \* PER_THREAD/BLOCK * PER_THREADS/' "$data/scale.yaml" >broken.yaml
ends 2 "$evotune" check broken.yaml
says "broken.yaml:13:38" "PER_THREAD'" "broken.yaml:22:1" "verify"
