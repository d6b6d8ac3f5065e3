/**
 * The long proofs; each prints what it found and keeps it in bench/results.
 *
 *     npm run proof                                     all of them
 *     npm run proof -- mirror --minutes 10 --rate 5     the copy equals the plant after ten minutes of life
 *     npm run proof -- kill --kills 30 --rate 100       no webhook that was answered 2xx is lost or doubled
 *     npm run proof -- convergence --seeds 2000         after all faults, copy = plant: in virtual time, both stores
 */
import { parseArgs } from 'node:util';
import { proveConvergence } from './convergence.ts';
import { proveKill } from './kill.ts';
import { proveMirror } from './mirror.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '10' },
    rate: { type: 'string' },
    kills: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    limit: { type: 'string', default: '2000' },
    seeds: { type: 'string', default: '2000' },
    'postgres-seeds': { type: 'string', default: '100' },
  },
});

const wanted = positionals.length > 0 ? positionals : ['mirror', 'kill', 'convergence'];
if (wanted.includes('mirror'))
  await proveMirror({
    minutes: Number(values.minutes),
    changesPerSecond: Number(values.rate ?? 5),
    seed: Number(values.seed),
    requestsPerMinute: Number(values.limit),
  });
if (wanted.includes('kill'))
  await proveKill({ kills: Number(values.kills), hooksPerSecond: Number(values.rate ?? 100) });
if (wanted.includes('convergence'))
  await proveConvergence({ memory: Number(values.seeds), postgres: Number(values['postgres-seeds']) });
