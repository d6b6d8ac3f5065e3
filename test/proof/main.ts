/**
 * The long proofs; each prints what it found and keeps it in bench/results.
 *
 *     npm run proof                                     all of them
 *     npm run proof -- mirror --minutes 10 --rate 5     the copy equals the plant after ten minutes of life
 *     npm run proof -- kill --kills 50 --rate 500       no webhook that was answered 2xx is lost or doubled
 *     npm run proof -- latency --rate 200               from a change at MaintainX to its record here
 *     npm run proof -- burst                            5,000 webhooks about 1,000 work orders: at most 60 requests
 *     npm run proof -- fuzz                             odd bodies, odd signatures, slow senders: 2xx or 4xx, and soon
 *     npm run proof -- quota                            at least 95 % of the quota used, never beyond it, cost as planned
 *     npm run proof -- million --kills 20               a million records in little memory, killed on the way
 *     npm run proof -- tenants-health                   500 tenants, 2,000,000 records: their figures in one call, at once
 *     npm run proof -- isolation                        whoever asks for whatever gets nothing of another tenant
 *     npm run proof -- fairness                         a tenant that floods does not slow the others down twofold
 *     npm run proof -- rotation                         the master key replaced under webhooks, killed on the way; no secret told
 *     npm run proof -- convergence --seeds 2000         after all faults, copy = plant: in virtual time, both stores
 */
import { parseArgs } from 'node:util';
import { proveBurst } from './burst.ts';
import { proveConvergence } from './convergence.ts';
import { proveFairness } from './fairness.ts';
import { proveFuzz } from './fuzz.ts';
import { proveIsolation } from './isolation.ts';
import { proveKill } from './kill.ts';
import { proveLatency } from './latency.ts';
import { proveMillion } from './million.ts';
import { proveMirror } from './mirror.ts';
import { proveQuota } from './quota.ts';
import { proveRotation } from './rotation.ts';
import { proveTenantsHealth } from './tenants-health.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '10' },
    rate: { type: 'string' },
    tenants: { type: 'string', default: '100' },
    kills: { type: 'string' },
    pauses: { type: 'string', default: '20' },
    stops: { type: 'string', default: '8' },
    plant: { type: 'string', default: 'million' },
    seed: { type: 'string', default: '1' },
    limit: { type: 'string', default: '2000' },
    requests: { type: 'string', default: '200000' },
    'slow-sockets': { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '60' },
    seeds: { type: 'string', default: '2000' },
    'postgres-seeds': { type: 'string', default: '100' },
  },
});

const wanted =
  positionals.length > 0
    ? positionals
    : [
        'mirror',
        'kill',
        'latency',
        'burst',
        'fuzz',
        'quota',
        'million',
        'tenants-health',
        'isolation',
        'fairness',
        'rotation',
        'convergence',
      ];
if (wanted.includes('mirror'))
  await proveMirror({
    minutes: Number(values.minutes),
    changesPerSecond: Number(values.rate ?? 5),
    seed: Number(values.seed),
    requestsPerMinute: Number(values.limit),
  });
if (wanted.includes('kill'))
  await proveKill({
    kills: Number(values.kills ?? 50),
    pauses: Number(values.pauses),
    stops: Number(values.stops),
    hooksPerSecond: Number(values.rate ?? 500),
  });
if (wanted.includes('fuzz'))
  await proveFuzz({ requests: Number(values.requests), slowSockets: Number(values['slow-sockets']) });
if (wanted.includes('latency'))
  await proveLatency({ changesPerSecond: Number(values.rate ?? 200), seconds: Number(values.seconds) });
if (wanted.includes('burst')) await proveBurst();
if (wanted.includes('quota')) await proveQuota();
if (wanted.includes('million')) await proveMillion({ kills: Number(values.kills ?? 20), size: values.plant });
if (wanted.includes('tenants-health')) await proveTenantsHealth({ tenants: 500, records: 2_000_000, calls: 1_000 });
if (wanted.includes('isolation')) await proveIsolation({ probes: 20_000, transactions: 10_000 });
if (wanted.includes('fairness'))
  await proveFairness({
    tenants: Number(values.tenants),
    changesPerSecond: Number(values.rate ?? 20),
    seconds: 30,
    connections: 64,
  });
if (wanted.includes('rotation'))
  await proveRotation({ tenants: 1_000, hooksPerSecond: 100, kills: Number(values.kills ?? 12), canaries: 50 });
if (wanted.includes('convergence'))
  await proveConvergence({ memory: Number(values.seeds), postgres: Number(values['postgres-seeds']) });
