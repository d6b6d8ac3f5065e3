import { memoryBlobs } from '../../src/blobs/index.ts';
import { heldRecord } from '../held-record.ts';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import { createAbsences, type Proof } from '../../src/inbound/absence.ts';
import type { EnginePorts, Site } from '../../src/inbound/engine.ts';
import type { Hydration } from '../../src/inbound/statements.ts';
import { createClient, type HttpResponse, type Kind } from '../../src/maintainx/index.ts';
import type { HeldRecord, RecordKey } from '../../src/records/index.ts';
import { memoryStore } from '../../src/store/index.ts';

const NOW = Date.UTC(2026, 8, 16, 12);
const HOLD = 3_600_000;
const GONE: HttpResponse = { status: 404, headers: {}, body: '{"error":"Not found"}' };
const json = (body: unknown): HttpResponse => ({ status: 200, headers: {}, body: JSON.stringify(body) });

const keyOf = (recordId: string, kind: Kind = 'work-order'): RecordKey => ({ organizationId: '1', kind, recordId });

const living = (key: RecordKey): HeldRecord => heldRecord(key, NOW);

interface World {
  /** Living work orders of ours, which nobody suspects. */
  readonly held?: readonly string[];
  /** Those that MaintainX shows, alone and in lists. */
  readonly there?: readonly string[];
  /** In place of the usual answer. */
  readonly lie?: (path: string) => HttpResponse | undefined;
}

/** A tenant whose record 5 was just not found, in a world that has these others. */
async function world({ held = [], there = [], lie = () => undefined }: World) {
  let now = NOW;
  const asked: string[] = [];
  const store = memoryStore();
  store.admit('t', '1', NOW);
  await store.transact('t', (tx) => tx.records.write(['5', ...held].map((id) => living(keyOf(id)))));
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  const answer = (path: string): HttpResponse => {
    const [, , id] = path.split('/');
    if (id === undefined) return json({ workOrders: there.map((one) => ({ id: Number(one) })), nextCursor: null });
    return there.includes(id) ? json({ workOrder: { id: Number(id) } }) : GONE;
  };
  const client = createClient({
    baseUrl: 'http://maintainx',
    apiKey: 'key',
    clock,
    random: seededRandom(1),
    readTries: 1,
    http: (request) => {
      const path = new URL(request.url).pathname;
      asked.push(path);
      return Promise.resolve(lie(path) ?? answer(path));
    },
  });
  const site: Site = { tenantId: 't', connectionId: 'c', organizationId: '1', client, requestsPerMinute: 0 };
  const logged: string[] = [];
  const ports: EnginePorts = {
    blobs: memoryBlobs(),
    store,
    clock,
    random: seededRandom(1),
    siteOf: () => Promise.resolve(site),
    log: (message) => void logged.push(message),
    alarm: () => undefined,
    noticed: () => undefined,
  };
  const absences = createAbsences(ports, HOLD);
  const judge = (change: Partial<Hydration> = {}, showsOthers = false): Promise<Proof> =>
    absences.judge(site, { ...wanted, ...change }, showsOthers);
  const pass = (ms: number): void => void (now += ms);
  return { judge, asked, store, pass, logged };
}

const wanted: Hydration = {
  key: keyOf('5'),
  reason: 'suspect',
  explainedBy: [],
  released: false,
  wanted: 1,
  attempts: 0,
  doubts: 0,
  toldAt: null,
  wishedAt: NOW,
  dueAt: NOW,
};

describe('a record that was not found', () => {
  it('is believed gone when another of its kind can be read, by one request', async () => {
    const { judge, asked } = await world({ held: ['6', '7'], there: ['6', '7'] });
    expect(await judge()).toEqual({ believe: true });
    expect(asked).toEqual(['/workorders/6']);
  });

  it('is believed gone when some others are gone too, but one is there', async () => {
    const { judge, asked } = await world({ held: ['6', '7', '8'], there: ['8'] });
    expect(await judge()).toEqual({ believe: true });
    expect(asked).toEqual(['/workorders/6', '/workorders/7', '/workorders/8']);
  });

  it('is believed gone when the list shows one that can be read, which we did not know', async () => {
    const { judge, asked } = await world({ there: ['5', '99'] });
    expect(await judge()).toEqual({ believe: true });
    expect(asked).toEqual(['/workorders', '/workorders/99']);
  });

  it('is not believed gone when nothing of its kind can be read: permission is lost', async () => {
    for (const lie of [() => GONE, () => ({ ...GONE, status: 403 })]) {
      const { judge } = await world({ held: ['6', '7', '8', '9'], lie });
      expect(await judge()).toEqual({ believe: false, why: 'probe-failed' });
    }
  });

  it('is not believed gone when the list shows another that cannot be read', async () => {
    const lie = (path: string): HttpResponse | undefined => (path === '/workorders' ? undefined : GONE);
    const { judge, asked } = await world({ there: ['99'], lie });
    expect(await judge()).toEqual({ believe: false, why: 'probe-failed' });
    expect(asked).toEqual(['/workorders', '/workorders/99']);
  });

  it('asks no candidate twice that the list shows again', async () => {
    const lie = (path: string): HttpResponse | undefined => (path === '/workorders' ? undefined : GONE);
    const { judge, asked } = await world({ held: ['6'], there: ['6'], lie });
    expect(await judge()).toEqual({ believe: false, why: 'probe-failed' });
    expect(asked).toEqual(['/workorders/6', '/workorders']);
  });

  it('is left to a person when it was the last of its kind', async () => {
    const { judge } = await world({});
    expect(await judge()).toEqual({ believe: false, why: 'probe-impossible' });
    const forbidden = await world({ lie: () => ({ ...GONE, status: 403 }) });
    expect(await forbidden.judge()).toEqual({ believe: false, why: 'probe-impossible' });
  });

  it('is believed gone at once when a person said so, without a request', async () => {
    const { judge, asked } = await world({ held: ['6'], lie: () => GONE });
    expect(await judge({ released: true })).toEqual({ believe: true });
    expect(asked).toEqual([]);
  });

  it('waits while MaintainX fails: a failure proves nothing', async () => {
    const { judge } = await world({ held: ['6'], lie: () => ({ status: 503, headers: {}, body: 'down' }) });
    await expect(judge()).rejects.toMatchObject({ code: 'maintainx-unavailable' });
    const listFails = await world({ lie: (path) => (path === '/workorders' ? { ...GONE, status: 500 } : undefined) });
    await expect(listFails.judge()).rejects.toMatchObject({ code: 'maintainx-unavailable' });
    // The next one is asked anew, not answered with the failure of the last.
    await expect(judge()).rejects.toMatchObject({ code: 'maintainx-unavailable' });
  });
});

describe('what hangs on a record', () => {
  const key = { ...keyOf('5'), kind: 'work-order-comment' } as const;

  it('is gone with it, and else makes it a suspect, without a request', async () => {
    const { judge, asked } = await world({ held: ['6'], there: ['6'] });
    expect(await judge({ key }, true)).toEqual({ believe: true });
    expect(await judge({ key })).toEqual({ believe: false, why: 'parent-in-doubt', parent: keyOf('5') });
    expect(asked).toEqual([]);
  });
});

describe('a kind of which only the list tells', () => {
  const key = { ...keyOf('5'), kind: 'custom-field' } as const;

  it('is believed gone when the list shows others, and left to a person when it shows none', async () => {
    const { judge, asked } = await world({});
    expect(await judge({ key }, true)).toEqual({ believe: true });
    expect(await judge({ key })).toEqual({ believe: false, why: 'probe-impossible' });
    expect(asked).toEqual([]);
  });

  it('waits too after a change of permission', async () => {
    const { judge, store } = await world({});
    await store.transact('t', (tx) => tx.access.noteChange('1', 'custom-field', NOW));
    expect(await judge({ key }, true)).toMatchObject({ why: 'tombstone-withheld' });
  });
});

describe('a lost permission', () => {
  it('is told of in the log once it is known, and nothing else is', async () => {
    const lost = await world({ held: ['6'], lie: () => GONE });
    await lost.judge();
    expect(lost.logged).toEqual(['permission for a kind seems lost: nothing counts as deleted']);
    const last = await world({});
    await last.judge();
    expect(last.logged).toEqual([]);
  });

  it('is not concluded from more than three records of ours and one of the list', async () => {
    const { judge, asked } = await world({ held: ['6', '7', '8', '9', '91'], lie: () => GONE });
    await judge();
    expect(asked).toEqual(['/workorders/6', '/workorders/7', '/workorders/8', '/workorders']);
  });

  it('is not remembered after another record could be read', async () => {
    const { judge, asked } = await world({ held: ['6'], there: ['6'] });
    await judge();
    await judge();
    expect(asked).toEqual(['/workorders/6', '/workorders/6']);
  });

  it('is no reason to ask in vain: what fails otherwise fails the probe', async () => {
    const { judge } = await world({ held: ['6'], lie: () => ({ status: 401, headers: {}, body: '{}' }) });
    await expect(judge()).rejects.toMatchObject({ code: 'maintainx-unauthorized' });
  });
});

describe('after a change of key or permission', () => {
  it('nothing counts as deleted until the time is over', async () => {
    const { judge, store, pass, asked } = await world({ held: ['6'], there: ['6'] });
    await store.transact('t', (tx) => tx.access.noteChange('1', 'work-order', NOW));
    expect(await judge()).toEqual({ believe: false, why: 'tombstone-withheld', until: NOW + HOLD });
    pass(HOLD - 1);
    expect(await judge()).toMatchObject({ why: 'tombstone-withheld' });
    expect(asked).toEqual([]);
    pass(1);
    expect(await judge()).toEqual({ believe: true });
  });
});

describe('many records that vanish', () => {
  it('together share one probe, which begins after all of them were read', async () => {
    const { judge, asked } = await world({ held: ['6'], there: ['6'] });
    expect(await Promise.all([judge(), judge(), judge()])).toEqual([
      { believe: true },
      { believe: true },
      { believe: true },
    ]);
    expect(asked).toEqual(['/workorders/6']);
    await judge();
    expect(asked).toHaveLength(2);
  });

  it('are not asked about for a minute once permission is lost, and then again', async () => {
    const { judge, asked, pass } = await world({ held: ['6'], lie: () => GONE });
    await judge();
    const before = asked.length;
    pass(59_999);
    expect(await judge()).toEqual({ believe: false, why: 'probe-failed' });
    expect(asked).toHaveLength(before);
    pass(1);
    expect(await judge()).toEqual({ believe: false, why: 'probe-failed' });
    expect(asked.length).toBeGreaterThan(before);
  });

  it('of another kind are not taken for it', async () => {
    const { judge, asked } = await world({
      held: ['6'],
      lie: (path) => (path.startsWith('/assets') ? json({ assets: [], nextCursor: null }) : GONE),
    });
    await judge();
    expect(await judge({ key: keyOf('5', 'asset') })).toEqual({ believe: false, why: 'probe-impossible' });
    expect(asked.at(-1)).toBe('/assets');
  });
});
