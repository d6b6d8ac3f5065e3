import { createHash } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { CORE_KINDS } from '../../maintainx/catalogue/index.ts';
import { objectOf } from '../../base/json.ts';
import { changesOf } from '../life/deeds.ts';
import { settingsFrom } from '../options.ts';
import { fullRecord } from '../operations/view.ts';
import { idOf, numberOf, objectsOf, textOf, type Row } from '../plant/row.ts';
import { worldOf } from '../sandbox.ts';
import { fixedClock, openSandbox, send } from '../testing.ts';
import type { World } from '../world.ts';
import { COUNTS } from './plant-size.ts';

const newWorld = (seed: number): World => worldOf(settingsFrom({ seed, plant: 'medium', clock: fixedClock() }));
let world: World;
beforeAll(() => {
  world = newWorld(1);
});

const all = (kind: (typeof CORE_KINDS)[number]): Row[] => world.plant.store.all(kind);
const share = (rows: readonly Row[], passes: (row: Row) => boolean): number => rows.filter(passes).length / rows.length;

test('the medium plant has the size that is promised', () => {
  expect(Object.fromEntries(CORE_KINDS.map((kind) => [kind, all(kind).length]))).toEqual(COUNTS.medium);
});

test('most work is done, some is open, and every status is there', () => {
  const orders = all('work-order');
  expect(share(orders, (row) => row['status'] === 'DONE')).toBeGreaterThan(0.85);
  expect(new Set(orders.map((row) => row['status']))).toEqual(
    new Set(['OPEN', 'IN_PROGRESS', 'ON_HOLD', 'DONE', 'CANCELED', 'SKIPPED']),
  );
  expect(share(orders, (row) => row['type'] === 'PREVENTIVE')).toBeGreaterThan(0.4);
  expect(share(orders, (row) => row['priority'] === 'HIGH')).toBeLessThan(0.15);
});

test('a fifth of the machines get most of the work', () => {
  const counts = new Map<number, number>();
  for (const order of all('work-order')) {
    const asset = numberOf(order['assetId']);
    if (asset !== 0) counts.set(asset, (counts.get(asset) ?? 0) + 1);
  }
  const sorted = [...counts.values()].toSorted((left, right) => right - left);
  const sum = (list: readonly number[]): number => list.reduce((total, each) => total + each, 0);
  expect(sum(sorted.slice(0, COUNTS.medium.asset / 5)) / sum(sorted)).toBeGreaterThan(0.65);
});

test('machines have components, and these have components', () => {
  const depth = (row: Row): number => {
    const parent = world.plant.store.get('asset', numberOf(row['parentId']));
    return parent === undefined ? 0 : 1 + depth(parent);
  };
  expect(Math.max(...all('asset').map(depth))).toBe(3);
});

test('people work on weekdays more than at weekends, over three years, and nothing is from the future', () => {
  const times = all('work-order').map((row) => Date.parse(textOf(row['createdAt'])));
  expect(times).toEqual(times.toSorted((left, right) => left - right));
  const now = world.plant.clock.now();
  expect((now - Number(times[0])) / 86_400_000).toBeGreaterThan(1090);
  const sundays = times.filter((time) => new Date(time).getUTCDay() === 0).length;
  const tuesdays = times.filter((time) => new Date(time).getUTCDay() === 2).length;
  expect(tuesdays).toBeGreaterThan(3 * sundays);
  for (const kind of CORE_KINDS)
    for (const row of all(kind)) expect(Date.parse(textOf(row['updatedAt']))).toBeLessThanOrEqual(now);
});

test('costs are small mostly and large seldom', () => {
  const minutes = all('work-order')
    .flatMap((row) => objectsOf(row['times']))
    .map((time) => numberOf(time['durationTotal']) / 60)
    .toSorted((left, right) => left - right);
  expect(minutes[Math.floor(minutes.length / 2)]).toBeGreaterThan(35);
  expect(minutes[Math.floor(minutes.length / 2)]).toBeLessThan(55);
  expect(Number(minutes.at(-1))).toBeGreaterThan(400);
});

test('each dated work order is dated in the order of its life, and what is agreed to points to work', () => {
  for (const { createdAt, startedAt, completedAt, status } of all('work-order').map(objectOf)) {
    expect(typeof startedAt !== 'string' || startedAt >= textOf(createdAt)).toBe(true);
    expect(typeof completedAt !== 'string' || completedAt >= textOf(startedAt)).toBe(true);
    expect(status === 'DONE').toBe(typeof completedAt === 'string');
  }
  for (const request of all('work-request').filter((row) => row['requestStatus'] === 'DONE'))
    expect(world.plant.store.get('work-order', numberOf(request['workOrderId']))?.['status']).toBe('DONE');
});

test('the number of records stays, and every status stays, over 3,000 changes', () => {
  const lived = newWorld(3);
  const change = changesOf(lived.plant, lived.chronicle, 3);
  for (let made = 0; made < 3000; made++) change();
  for (const kind of CORE_KINDS) {
    const drift = lived.plant.store.count(kind) / COUNTS.medium[kind] - 1;
    expect([kind, Math.abs(drift) < 0.5]).toEqual([kind, true]);
  }
  for (const status of ['OPEN', 'IN_PROGRESS', 'ON_HOLD'])
    expect(lived.plant.store.where('work-order', 'status', status).size).toBeGreaterThan(10);
});

/** Links name the port and are signed anew on every read. */
const digestOf = (records: string): string =>
  createHash('sha256')
    .update(records.replaceAll(/\?X-Amz[^"]*|127\.0\.0\.1:\d+/g, ''))
    .digest('hex');

test('two sandboxes that start with one seed at one time show the same records, byte for byte', async () => {
  const now = Date.parse('2026-09-14T12:00:00.000Z');
  await using one = await openSandbox({ seed: 5, now });
  await using two = await openSandbox({ seed: 5, now });
  const [first, second] = [await recordsOf(one.sandbox.controlUrl), await recordsOf(two.sandbox.controlUrl)];
  expect(first.split('\n').length).toBeGreaterThan(300);
  expect(digestOf(first)).toBe(digestOf(second));
});

test('two medium plants of one seed live the same life, byte for byte', () => {
  const [one, two] = [newWorld(9), newWorld(9)].map((lived) => {
    const change = changesOf(lived.plant, lived.chronicle, 9);
    for (let made = 0; made < 500; made++) change();
    const records = CORE_KINDS.map((kind) =>
      lived.plant.store.all(kind).map((row) => fullRecord(lived.plant, kind, row)),
    );
    return [digestOf(JSON.stringify(records)), lived.chronicle.recent().join('\n')];
  });
  expect(one).toEqual(two);
  expect(one?.[1]).toContain('finished');
});

const recordsOf = async (controlUrl: string): Promise<string> => (await send(`${controlUrl}/records`, 'GET', {})).text;

test('few matches in a large list are found in all of it: by asset, person, part, category and time', async () => {
  await using client = await openSandbox({ plant: 'medium', clock: fixedClock() });
  const orders = client.sandbox.records('work-order');
  const some = orders.find((row) => objectsOf(row['parts']).length > 0 && objectsOf(row['assignees']).length > 0);
  const person = numberOf(objectsOf(some?.['assignees']).find((each) => each['type'] === 'USER')?.['id']);
  const part = idOf(objectsOf(some?.['parts'])[0] ?? {});
  const count = async (query: string): Promise<number> => {
    const { json } = await client.get(`/workorders?limit=200&show_upcoming=true&${query}`);
    return objectsOf(json['workOrders']).length;
  };
  const expected = (passes: (row: (typeof orders)[number]) => boolean): number =>
    Math.min(200, orders.filter(passes).length);
  const since = '2026-09-10T00:00:00.000Z';
  expect([
    await count(`assets=${numberOf(some?.['assetId'])}`),
    await count(`assignees=${person}`),
    await count(`parts=${part}&statuses=DONE`),
    await count(`updatedAt%5Bgte%5D=${since}&sort=createdAt`),
  ]).toEqual([
    expected((row) => row['assetId'] === some?.['assetId']),
    expected((row) => objectsOf(row['assignees']).some((each) => each['id'] === person)),
    expected((row) => row['status'] === 'DONE' && objectsOf(row['parts']).some((line) => idOf(line) === part)),
    expected((row) => textOf(row['updatedAt']) >= since),
  ]);
});
