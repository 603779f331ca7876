#!/usr/bin/env bash
# What `cmake --install` puts down works from another folder, with its own templates and spaces: not
# with those of the source tree.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cmake=$2
build=$3

ends 0 "$cmake" --install "$build" --prefix "$work/moved"
mv moved there # as a whole
there=$work/there
share=$there/share/evotune
space=$share/search_spaces/row_softmax.yaml

ends 0 "$there/bin/evotune" check "$space" --arch sm_90
says "row_softmax:" "baseline:"
ends 0 "$there/bin/evotune" try "$space" LANES=32 ROWS=4 REDUCE=shuffle.cuh --device cpu --problem rows=64,cols=64

# Were it the source tree's template, this would do no harm.
sed -i 's/^softmax(/other(/' "$share/kernel_templates/row_softmax/kernel.cu"
ends 2 "$there/bin/evotune" check "$space" --arch sm_90
says "softmax"
