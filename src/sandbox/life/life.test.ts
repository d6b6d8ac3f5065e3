import { expect, test } from 'vitest';
import { CORE_KINDS } from '../../maintainx/catalogue/index.ts';
import { changesOf } from './deeds.ts';
import { wholeKind } from '../operations/whole-kind.ts';
import { settingsFrom } from '../options.ts';
import { worldOf } from '../sandbox.ts';
import { fixedClock, openSandbox, send } from '../testing.ts';
import type { World } from '../world.ts';

const bytesOf = (world: World): string => JSON.stringify(CORE_KINDS.map((kind) => wholeKind(world, kind)));
const newWorld = (seed: number): World => worldOf(settingsFrom({ seed, clock: fixedClock() }));

/** Lives through `count` changes. */
function live(world: World, seed: number, count: number): void {
  const change = changesOf(world.plant, world.chronicle, seed);
  for (let made = 0; made < count; made++) change();
}

test('the same seed gives the same plant, byte for byte, another seed another one', () => {
  expect(bytesOf(newWorld(7))).toBe(bytesOf(newWorld(7)));
  expect(bytesOf(newWorld(7))).not.toBe(bytesOf(newWorld(8)));
});

test('the same seed gives the same life', () => {
  const [one, two] = [newWorld(7), newWorld(7)];
  live(one, 7, 500);
  live(two, 7, 500);
  expect(one.chronicle.recent()).toEqual(two.chronicle.recent());
  expect(bytesOf(one)).toBe(bytesOf(two));
});

test('the plant has the size that is promised', () => {
  const { store } = newWorld(1).plant;
  expect(Object.fromEntries(CORE_KINDS.map((kind) => [kind, store.count(kind)]))).toEqual({
    location: 12,
    asset: 40,
    'work-order': 150,
    'work-request': 20,
    part: 50,
    'purchase-order': 12,
    vendor: 10,
    meter: 20,
    user: 18,
    team: 5,
    category: 10,
  });
});

test.each([1, 2, 3])('the number of records stays within 30 percent over 3,000 changes, seed %i', (seed) => {
  const world = newWorld(seed);
  const count = (kind: (typeof CORE_KINDS)[number]): number => world.plant.store.count(kind);
  const before = CORE_KINDS.map(count);
  live(world, seed, 3000);
  expect(world.chronicle.count).toBe(3000);
  const total = (counts: readonly number[]): number => counts.reduce((sum, each) => sum + each, 0);
  const after = CORE_KINDS.map(count);
  expect(Math.abs(total(after) / total(before) - 1)).toBeLessThan(0.3);
  const drift = CORE_KINDS.map((_, index) => Math.abs(Number(after[index]) / Number(before[index]) - 1));
  expect(Math.max(...drift)).toBeLessThanOrEqual(0.5);
  const statuses = new Set(world.plant.store.all('work-order').map((row) => row['status']));
  expect([...statuses]).toEqual(expect.arrayContaining(['OPEN', 'IN_PROGRESS', 'ON_HOLD', 'DONE', 'CANCELED']));
});

test('the life goes at its rate, and the control API sets it, tells of it and shows every record', async () => {
  await using client = await openSandbox();
  const { controlUrl } = client.sandbox;
  expect((await send(`${controlUrl}/rate`, 'POST', {}, { changesPerSecond: 400 })).status).toBe(200);
  const deadline = Date.now() + 5000;
  while (client.sandbox.stats().changes < 40 && Date.now() < deadline)
    await new Promise((done) => void setTimeout(done, 10));
  client.sandbox.setRate(0);
  expect(client.sandbox.stats().changes).toBeGreaterThanOrEqual(40);
  expect(client.sandbox.recentChanges().length).toBeGreaterThanOrEqual(40);
  expect((await send(`${controlUrl}/changes`, 'GET', {})).text).toBe(JSON.stringify(client.sandbox.recentChanges()));
  const lines = (await send(`${controlUrl}/records?kind=work-order`, 'GET', {})).text.trim().split('\n');
  expect(lines).toHaveLength(client.sandbox.stats().records['work-order']);
  expect((await send(`${controlUrl}/rate`, 'POST', {}, { changesPerSecond: -1 })).status).toBe(400);
});
