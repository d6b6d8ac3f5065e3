import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { openDatabase, type Database } from '../../src/postgres/database.ts';
import { createGovernor } from '../../src/quota/governor.ts';
import { memoryShelf, postgresShelf, type QuotaShelf } from '../../src/quota/index.ts';
import { Secret } from '../../src/base/secret.ts';
import { testDatabase, type TestDatabase } from '../database.ts';

const NOW = Date.UTC(2026, 8, 16, 12);
const RULE = { limit: 20, windowMs: 2_000, share: 1 };

let test: TestDatabase;
let database: Database;
beforeAll(async () => {
  test = await testDatabase();
  database = openDatabase({ url: new Secret(test.runtimeUrl.reveal()), connections: 8, onError: () => undefined });
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

const shelves: Readonly<Record<string, () => QuotaShelf>> = {
  memory: memoryShelf,
  PostgreSQL: () => postgresShelf(database),
};

describe.each(Object.entries(shelves))('a shelf: %s', (name, make) => {
  const ask = { ended: [], unused: 0, want: 9 };

  it('gives out no place twice, however many ask at once', async () => {
    const shelf = make();
    const grants = await Promise.all(
      Array.from({ length: 60 }, (_, nth) => shelf.exchange(`${name} crowd`, RULE, { ...ask, holder: `h${nth}` }, NOW)),
    );
    expect(grants.reduce((sum, grant) => sum + grant.places, 0)).toBe(RULE.limit);
    expect((await shelf.look(`${name} crowd`))?.loans.length).toBeGreaterThan(10);
  });

  it('keeps principals apart, and knows nothing of one that nobody used', async () => {
    const shelf = make();
    await shelf.exchange(`${name} one`, RULE, { ...ask, holder: 'a' }, NOW);
    expect(await shelf.look(`${name} other`)).toBeUndefined();
  });

  it('knows an owner’s other windows by what they are about, and nobody else’s', async () => {
    const shelf = make();
    for (const about of [`${name}_%: meter 1`, `${name}_%: meter 2`, `${name}_%x: meter 3`, `${name}_%`])
      await shelf.exchange(about, RULE, { ...ask, holder: 'a' }, NOW);
    expect([...(await shelf.under(`${name}_%`)).keys()]).toEqual(['meter 1', 'meter 2']);
  });

  it('shares what the headers taught', async () => {
    const shelf = make();
    const over = { sentAt: NOW, endedAt: NOW, isLimited: true, limit: 8, reset: 1 };
    await shelf.exchange(`${name} taught`, RULE, { ...ask, holder: 'a', ended: [over] }, NOW);
    expect(await shelf.look(`${name} taught`)).toMatchObject({ limit: 8, closedUntil: NOW + 2_000 });
    expect((await shelf.exchange(`${name} taught`, RULE, { ...ask, holder: 'b' }, NOW + 5)).places).toBe(0);
  });
});

it('windows that nobody asked for in two days are removed, others stay', async () => {
  const day = 24 * 3_600_000;
  const ask = { holder: 'a', ended: [], unused: 0, want: 1 };
  await postgresShelf(database).exchange('a user: idle', RULE, ask, NOW);
  await postgresShelf(database).exchange('a user: in use', RULE, ask, NOW + 1.5 * day);
  const shelf = postgresShelf(database);
  await shelf.exchange('a user: new', RULE, ask, NOW + 2.5 * day);
  expect(await shelf.look('a user: idle')).toBeUndefined();
  expect(await shelf.look('a user: in use')).toBeDefined();
  expect(await shelf.look('a user: new')).toBeDefined();
});

describe('three processes on one principal', () => {
  it('send together what one may, at least 95 % of it, and no window of theirs ever sees more', async () => {
    const sent: number[] = [];
    const stop = new AbortController();
    const strands = ['a', 'b', 'c'].flatMap((holder) => {
      const shelf = postgresShelf(database);
      const governor = createGovernor({
        principal: 'hungry',
        rule: RULE,
        holder,
        shelf,
        clock: systemClock,
        signal: stop.signal,
      });
      const strand = async (): Promise<void> => {
        while (!stop.signal.aborted)
          await governor
            .gate('sweep', async () => {
              sent.push(Date.now());
              await systemClock.sleep(5);
              return { status: 200, headers: {}, body: '' };
            })
            .catch(() => undefined);
      };
      return Array.from({ length: 4 }, strand);
    });
    await systemClock.sleep(6 * RULE.windowMs + 300);
    stop.abort();
    await Promise.all(strands);
    const most = Math.max(
      ...sent.map((from) => sent.filter((time) => time >= from && time < from + RULE.windowMs).length),
    );
    expect(most).toBeLessThanOrEqual(RULE.limit);
    expect(sent.length).toBeGreaterThanOrEqual(0.95 * 6 * RULE.limit);
  });
});
