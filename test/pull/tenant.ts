import type { Blob, BlobStore } from '../../src/blobs/index.ts';
import { seededRandom } from '../../src/base/random.ts';
import { raise } from '../../src/errors.ts';
import { DEFAULT_SETTINGS, hydrateWork, pullWork, type EnginePorts, type Site } from '../../src/inbound/index.ts';
import type { EngineTimes } from '../../src/inbound/engine.ts';
import type { PullSettings } from '../../src/inbound/settings.ts';
import type { Situation } from '../../src/inbound/situations.ts';
import { createHints, createShares, runLane, type LaneWork } from '../../src/jobs/index.ts';
import { createClient, type Http, type HttpResponse, type Kind } from '../../src/maintainx/index.ts';
import type { HeldRecord } from '../../src/records/index.ts';
import { openInProcess, type InProcessSandbox } from '../../src/sandbox/in-process.ts';
import { memoryStore } from '../../src/store/index.ts';
import { VirtualClock } from '../virtual-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const TIMES: EngineTimes = {
  pollIntervalMs: MINUTE,
  pollOverlapMs: 2 * MINUTE,
  sweepIntervalMs: 20 * MINUTE,
  rereadIntervalMs: 2 * HOUR,
  upkeepShare: 100,
  catchUpAfterMs: 10 * MINUTE,
  tombstoneHoldMs: HOUR,
  surgeRecords: 40,
};

export interface TenantOptions {
  readonly times?: EngineTimes;
  readonly settings?: PullSettings;
  readonly requestsPerMinute?: number;
  readonly plant?: 'small' | 'medium';
  /** Changes the plant before anything is copied. */
  readonly prepare?: (sandbox: InProcessSandbox) => void;
  /** Answers instead of the sandbox, from the first request on; see `lie` of the tenant. */
  readonly lie?: (url: URL) => HttpResponse | undefined;
}

/** A store for files that is out of order at will, and shows what it has. */
function patchyBlobs() {
  const stored = new Map<string, Blob>();
  const state = { isDown: false };
  const inOrder = <Result>(work: () => Result): Promise<Result> =>
    state.isDown ? Promise.reject(raise('blobs-unavailable', 'the disk is full')) : Promise.resolve(work());
  const store: BlobStore = {
    put: (key, blob) => inOrder(() => void stored.set(key, blob)),
    get: (key) => inOrder(() => stored.get(key) ?? null),
    removeAll: () => inOrder(() => stored.clear()),
  };
  return { store, stored, state };
}

/** The engine over a sandbox in virtual time, on the memory store, without webhooks. */
export async function tenantOver(options: TenantOptions) {
  const { times = TIMES, settings = DEFAULT_SETTINGS, requestsPerMinute = 0, plant = 'small', prepare } = options;
  const clock = new VirtualClock();
  const sandbox = openInProcess({ clock, plant, requestsPerMinute: 0, organisationRequestsPerMinute: 0 });
  prepare?.(sandbox);
  const sent: URL[] = [];
  const lie: { instead: (url: URL) => HttpResponse | undefined } = { instead: options.lie ?? (() => undefined) };
  const http: Http = async ({ url, method, headers, body }) => {
    sent.push(new URL(url));
    const told = lie.instead(new URL(url));
    if (told !== undefined) return told;
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : (body ?? new Uint8Array());
    const answer = await sandbox.exchange({ url: new URL(url), method, headers, bytes });
    if (answer.came !== 'answer') throw new Error('the sandbox is at peace and answers');
    return answer;
  };
  const random = seededRandom(1);
  const client = createClient({ baseUrl: 'http://sandbox/v1', apiKey: sandbox.apiKey, http, clock, random });
  const store = memoryStore();
  store.admit('t', String(sandbox.organizationId), clock.now());
  await store.transact('t', (tx) => tx.settings.write(settings));
  const organizationId = String(sandbox.organizationId);
  const site: Site = { tenantId: 't', connectionId: 'c', organizationId, client, requestsPerMinute };
  const blobs = patchyBlobs();
  const situations: Situation[] = [];
  const ports: EnginePorts = {
    blobs: blobs.store,
    store,
    clock,
    random,
    siteOf: () => Promise.resolve(site),
    log: () => undefined,
    alarm: () => undefined,
    noticed: (situation) => void situations.push(situation),
  };
  const stopping = new AbortController();
  startLanes(ports, times, stopping.signal);
  const records = (): Promise<readonly HeldRecord[]> => store.transact('t', (tx) => tx.records.page(null, 100_000));
  const counts = () => store.transact('t', (tx) => tx.records.counts(null));
  return {
    clock,
    sandbox,
    client,
    store,
    sent,
    lie,
    blobs,
    situations,
    records,
    record: async (kind: Kind, id: number | string): Promise<HeldRecord | undefined> =>
      (await records()).find(({ key }) => key.kind === kind && key.recordId === String(id)),
    living: async (): Promise<ReadonlyMap<Kind, number>> =>
      new Map((await counts()).map(({ kind, living }) => [kind, living])),
    deleted: async (kind: Kind): Promise<number> => (await counts()).find((one) => one.kind === kind)?.deleted ?? 0,
    stop: () => stopping.abort(),
  };
}

function startLanes(ports: EnginePorts, times: EngineTimes, signal: AbortSignal): void {
  const hints = createHints();
  const work: Readonly<Record<'pull' | 'hydrate', LaneWork>> = {
    pull: pullWork(ports, times),
    hydrate: hydrateWork(ports, times),
  };
  for (const lane of ['pull', 'hydrate'] as const)
    void runLane(
      {
        ...ports,
        leases: ports.store.leases,
        lane,
        holder: lane,
        tenantId: 't',
        mostOfOne: 1,
        work: work[lane],
        leaseMs: 10_000,
        idleMs: 500,
        shares: createShares(ports.clock.now, 50),
        hint: hints.next,
        foundWork: hints.give,
        onError: (_lane, _tenant, error) => {
          throw error;
        },
      },
      signal,
    );
}
