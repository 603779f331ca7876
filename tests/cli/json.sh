#!/usr/bin/env bash
# Whatever prints results prints them as JSON too, with the keys that scripts rely on. $2 is the database
# of run.sh.
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cp "$2" "$EVOTUNE_DB"
ends 0 "$evotune" best scale --json
holds "isinstance(it, list) and len(it) == 5"
holds "all({'space', 'device', 'config', 'latency_us', 'speedup', 'speedup_low', 'speedup_high', 'max_error',
            'fitness', 'run', 'candidate'} <= row.keys() for row in it)"
holds "all(row['space'] == 'scale' and row['config'].keys() == {'BLOCK', 'PER_THREAD', 'ORDER'} for row in it)"
holds "all(row['speedup_low'] <= row['speedup'] <= row['speedup_high'] and row['latency_us'] > 0 for row in it)"
candidate=$(python3 -c 'import json; print(json.load(open("out"))[0]["candidate"])')
ends 0 "$evotune" best "$data/scale.yaml" --top 2 --json
holds "[row['rank'] for row in it] == [1, 2]"
ends 0 "$evotune" runs --json
holds "len(it) == 1 and it[0]['run'] == 1 and it[0]['status'] == 'finished' and it[0]['evaluations'] == 5"
ends 0 "$evotune" show run 1 --json
holds "it['run'] == 1 and it['seed'] == 3 and it['verdicts'] == {'right': 5} and len(it['best']) == 5"
ends 0 "$evotune" show candidate "$candidate" --json
holds "it['candidate'] == $candidate and len(it['trials']) >= 1 and len(it['trials'][0]['samples'][0]['seconds']) >= 3"
ends 0 "$evotune" show scale --json
holds "it['candidate'] == $candidate"
ends 0 "$evotune" query --json "SELECT ordinal, configuration, NULL AS empty FROM history WHERE ordinal < 2"
holds "[row['ordinal'] for row in it] == [0, 1] and it[0]['empty'] is None"
ends 0 "$evotune" doctor --json
holds "all({'name', 'found', 'version', 'path', 'missing'} <= row.keys() for row in it['probes'])"
holds "[row['version'] for row in it['probes'] if row['name'] == 'results database'] == ['1 runs']"
ends 0 "$evotune" check "$data/scale.yaml" --arch sm_90 --json
holds "it['space'] == 'scale' and it['valid'] == 60 and it['cartesian'] == 60"
holds "not it['nvrtc'] or [(c['variant'], c['arch']) for c in it['compiled']] == [('baseline', 'sm_90'), ('strided', 'sm_90')]"
ends 0 "$evotune" try "$data/scale.yaml" BLOCK=64 PER_THREAD=2 --json
holds "it['passed'] and it['config'] == {'BLOCK': 64, 'PER_THREAD': 2, 'ORDER': 'blocked'} and it['speedup'] > 0"
ends 0 "$evotune" export scale --out winner --json
holds "it['out'] == 'winner' and it['candidate'] == $candidate and it['run'] == 1"
ends 0 "$evotune" verify winner --json
holds "it['right'] is True and it['changed'] == [] and it['speedup'] > 0"
