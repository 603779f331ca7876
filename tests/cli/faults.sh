#!/usr/bin/env bash
# Candidates that crash, hang, write where they must not or answer wrongly: the run ends with 0, and each
# has its own verdict.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

ends 0 "$evotune" run "$data/faults.yaml"
says "13 evaluations, 11 of them failed; ended by: exhausted"
leaves_no_process
ends 0 "$evotune" query --json "SELECT configuration, stage, message, has_nan FROM failures WHERE NOT final"

# fault NAME STAGE WORDS: what a person is told of it.
fault() {
  holds "len([f for f in it if f['configuration'] == 'BLOCK=64,FAULT=$1' and f['stage'] == '$2'
              and '''$3''' in f['message']]) == 1"
}
fault wrong verify "1 of 67 elements of y are wrong"
fault nan verify "NaN"
fault null_pointer crash "null pointer, thread (0,0,0) block (0,0,0)"
fault beyond_the_end crash "outside buffer y"
fault before_the_start crash "outside buffer y"
fault endless timeout "still running after"
fault endless timeout " s, thread (0,0,0) block (0,0,0), faults.cu:"
fault deadlock launch "deadlock in block (0,0,0): thread 0 waits in __syncthreads, line"
fault deep_recursion crash "stack overflow"
fault writes_its_input crash "buffer x, which is an input"
fault traps crash "illegal instruction"
fault does_not_compile compile "faults.cu:11:2: this one does not compile"
holds "len(it) == 11 and [f['configuration'] for f in it if f['has_nan']] == ['BLOCK=64,FAULT=nan']"
