import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objectOf, parseStored, type JsonObject } from '../src/base/json.ts';
import type { Kind } from '../src/maintainx/index.ts';
import type { HeldRecord } from '../src/records/index.ts';
import { postgresStore } from '../src/store/index.ts';
import { heldRecord } from './held-record.ts';
import { testDatabase, testSubscriptions, testTenant, type TestDatabase } from './database.ts';
import { environmentOf, millwright, type Outcome } from './millwright.ts';

const TENANT = '018f0000-0000-7000-8000-00000000c0fe';
const NOW = Date.UTC(2026, 8, 16, 12);

let test: TestDatabase;

/** A tenant whose copy has some records; nothing of this asks MaintainX. */
beforeAll(async () => {
  test = await testDatabase();
  await testTenant(test.database, TENANT, ['pull'], NOW);
  await testSubscriptions(test.database, TENANT, '1', {});
  const records = [...heldRecords('work-order', 450), ...heldRecords('vendor', 1_200)];
  await postgresStore(test.database).transact(TENANT, (tx) => tx.records.write(records));
});

afterAll(() => test.drop());

const heldRecords = (kind: Kind, count: number): readonly HeldRecord[] =>
  Array.from({ length: count }, (_, index) =>
    heldRecord({ organizationId: '1', kind, recordId: String(index + 1) }, NOW),
  );

const coverage = (...args: readonly string[]): Promise<Outcome> =>
  millwright(['coverage', ...args], '', environmentOf(test));

const jsonOf = async (...args: readonly string[]): Promise<JsonObject> =>
  objectOf(parseStored((await coverage(...args, '--json')).out));

const rowOf = (out: string, kind: string): string => out.split('\n').find((line) => line.startsWith(kind)) ?? '';

describe('millwright coverage', () => {
  it('shows for every kind how it is noticed, how stale it can be and what it costs', async () => {
    const { code, out, err } = await coverage();
    expect([code, err]).toEqual([0, '']);
    // 60 polls, and three pages each sweep.
    expect(rowOf(out, 'work-order')).toMatch(/450 +webhook, poll, sweep +60 seconds +6[2-4] minutes +6[2-5]/);
    // Read again once a day, six pages each sweep.
    expect(rowOf(out, 'vendor')).toMatch(/1200 +some webhooks, sweep, re-read +36 hours +36 hours +56/);
    expect(out).toContain('240 polls');
    expect(out).toContain('no webhooks are subscribed');
  });

  it('tells each sort of change, and says plainly what is never noticed', async () => {
    const { out } = await coverage('--changes');
    expect(out).toMatch(/asset +changed, updatedAt as before, shown by a single read alone +nothing +never +never/);
  });

  it('gives the same to programs', async () => {
    const map = await jsonOf();
    expect(map).toMatchObject({
      quotaPerHour: 6000,
      intervals: { sweepMs: 3_600_000, rereadMs: { vendor: 86_400_000 } },
    });
  });
});

describe('millwright coverage --plan', () => {
  it('shows what shares of the quota buy', async () => {
    const { code, out } = await coverage('--plan');
    expect(code).toBe(0);
    for (const share of ['5 %', '10 %', '20 %', '40 %']) expect(rowOf(out, share)).toMatch(/minutes|hours|days/);
  });

  it('changes nothing until it is told to, then what the engine goes by', async () => {
    const planned = await coverage('--share', '20');
    expect(planned.out).toContain('to set it, add --apply: sweeps ');
    expect((await jsonOf())['intervals']).toMatchObject({ sweepMs: 3_600_000 });
    const applied = await coverage('--share', '20', '--apply');
    expect([applied.code, applied.out]).toEqual([0, expect.stringContaining('set for ')]);
    const settings = await postgresStore(test.database).transact(TENANT, (tx) => tx.settings.read());
    expect(settings.sweepIntervalMs ?? Infinity).toBeLessThan(3_600_000);
    const map = await jsonOf();
    expect(map['intervals']).toMatchObject({
      sweepMs: settings.sweepIntervalMs,
      rereadMs: { vendor: settings.rereadMs.vendor },
    });
    expect(Number(map['idleShare'])).toBeLessThanOrEqual(0.2);
    expect(Number(map['idleShare'])).toBeGreaterThan(0.18);
  });

  it('ends with 1 when the goal cannot be had, and with 2 when there is nothing to apply', async () => {
    const few = await coverage('--share', '2');
    expect([few.code, few.out]).toEqual([1, expect.stringContaining('not enough for polling; it would take 4')]);
    const nothing = await coverage('--apply');
    expect([nothing.code, nothing.err]).toEqual([2, expect.stringContaining('--apply needs a plan')]);
  });
});
