#!/usr/bin/env bash
# The winner is exported as files of their own that pass `verify`; broken by hand they do not. $2 is
# the database of run.sh.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cp "$2" "$EVOTUNE_DB"
ends 0 "$evotune" export scale --out winner
says "exported" "evotune verify winner"
for file in kernel.cu kernel.json scale.h reference.cu baseline.cu; do
  [ -s "winner/$file" ] || fail "no $file in $(ls winner)"
done
holds "it['name'] == 'scale'" winner/kernel.json
grep -q '#ifdef' winner/kernel.cu && fail "branches not taken are still there"
rm "$EVOTUNE_DB" # what was exported stands for itself
ends 0 "$evotune" verify winner
says "right"

cp -r winner broken
sed -i 's/factor \* x\[i\]/factor * x[i] * 1.0001f/' broken/kernel.cu
cmp -s winner/kernel.cu broken/kernel.cu && fail "nothing was broken"
ends 1 "$evotune" verify broken
says "WRONG" "kernel.cu has been changed"
sed -i 's/;/ this is no C++;/' broken/kernel.cu
ends 1 "$evotune" verify broken
says "WRONG" "compile"
