import { describe, expect, it } from 'vitest';
import { coverageOf, type Coverage } from '../../src/inbound/coverage.ts';
import { DEFAULT_SETTINGS, type PullSettings } from '../../src/inbound/settings.ts';
import type { CoreKind } from '../../src/maintainx/index.ts';
import { tenantOver, TIMES } from './tenant.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A plant in which some lists have several pages, and nobody is at work. */
const KEPT: readonly [CoreKind, number][] = [
  ['work-order', 450],
  ['asset', 230],
  ['part', 90],
  ['purchase-order', 60],
  ['meter', 210],
];

interface Given {
  readonly times: typeof TIMES;
  readonly settings: PullSettings;
  readonly requestsPerMinute: number;
}

const idleTenant = (given: Given) =>
  tenantOver({
    ...given,
    plant: 'medium',
    prepare: (sandbox) => {
      for (const [kind, kept] of KEPT) for (const id of sandbox.ids(kind).slice(kept)) sandbox.remove(kind, id);
    },
  });

/** What the engine sends while nothing happens, and what the map says of it; requests an hour. */
async function measured(given: Given, settleMs: number, windowOf: (map: Coverage) => number) {
  const tenant = await idleTenant(given);
  await tenant.clock.pass(settleMs);
  const map = coverageOf({ ...given, records: await tenant.living(), hooks: [] });
  const windowMs = windowOf(map);
  const from = tenant.sent.length;
  await tenant.clock.pass(windowMs);
  tenant.stop();
  const sent = tenant.sent.slice(from);
  const isSingle = ({ pathname }: URL): boolean => /\/\d+(\/\w+)?$/.test(pathname);
  const isPoll = ({ searchParams }: URL): boolean => searchParams.has('updatedAt[gte]');
  const perHour = (count: number): number => (count * HOUR) / windowMs;
  const reread = sent.filter(isSingle).length;
  const poll = sent.filter(isPoll).length;
  const counted = {
    poll: perHour(poll),
    reread: perHour(reread),
    sweep: perHour(sent.length - poll - reread),
    all: perHour(sent.length),
  };
  return { map, counted };
}

const near = (said: number, counted: number): boolean => Math.abs(said - counted) <= 0.05 * counted;

/** Hours of a plant's life take seconds. */
const PATIENCE_MS = 120_000;

describe('what an idle tenant costs', { timeout: PATIENCE_MS }, () => {
  it('is what the map says, within 5 %, part by part', async () => {
    const given: Given = { times: TIMES, settings: DEFAULT_SETTINGS, requestsPerMinute: 0 };
    // The first copy reads all at once, so single reads come in rounds: two of them are counted whole.
    const { map, counted } = await measured(given, 3.5 * HOUR, () => 4 * HOUR);
    const { poll, sweep, reread } = map.total;
    const said = { poll, sweep, reread, all: map.idle };
    for (const part of ['poll', 'sweep', 'reread', 'all'] as const)
      expect([part, said[part], counted[part], near(said[part], counted[part])]).toEqual([
        part,
        said[part],
        counted[part],
        true,
      ]);
  });

  it('stays within the share of the quota that upkeep may take, whatever the intervals say', async () => {
    const times = { ...TIMES, sweepIntervalMs: 5 * MINUTE, rereadIntervalMs: 20 * MINUTE, upkeepShare: 12 };
    const given: Given = { times, settings: DEFAULT_SETTINGS, requestsPerMinute: 100 };
    const rounds = (map: Coverage): number => 2 * (MINUTE + Math.max(...map.intervals.rereadMs.values()));
    const { map, counted } = await measured(given, 4 * HOUR, rounds);
    expect(map.intervals.sweepMs).toBeGreaterThan(5 * MINUTE);
    expect(near(map.idle, counted.all)).toBe(true);
    expect(map.idle).toBeLessThanOrEqual(0.12 * 6000);
    expect(counted.all).toBeLessThan(0.12 * 6000 * 1.05);
  });
});

describe('the worst staleness that the map tells', { timeout: PATIENCE_MS }, () => {
  it('is what it takes to notice a delete right behind its page of a sweep, and no more', async () => {
    const given: Given = { times: TIMES, settings: DEFAULT_SETTINGS, requestsPerMinute: 0 };
    const tenant = await idleTenant(given);
    await tenant.clock.pass(10 * MINUTE);
    const map = coverageOf({ ...given, records: await tenant.living(), hooks: [] });
    const location = map.kinds.find(({ kind }) => kind === 'location');
    const worst = location?.notices.find(({ change }) => change === 'deleted')?.withoutWebhooksMs ?? Infinity;
    const listed = (): number => tenant.sent.filter(({ pathname }) => pathname === '/v1/locations').length;
    const before = listed();
    while (listed() === before) await tenant.clock.pass(1_000);
    tenant.sandbox.remove('location', tenant.sandbox.ids('location').at(-1) ?? 0);
    const from = tenant.clock.now();
    while ((await tenant.deleted('location')) === 0) await tenant.clock.pass(1_000);
    tenant.stop();
    const took = tenant.clock.now() - from;
    // The engine looks once a second here, and this test too.
    expect(took).toBeLessThanOrEqual(worst + 2_000);
    expect(took).toBeGreaterThan(0.95 * worst);
  });
});
