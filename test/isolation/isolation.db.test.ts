import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../database.ts';
import { TEST_MASTER_KEY } from '../setup-database.ts';
import { interleave } from './interleave.ts';
import { diceOf, probe } from './probe.ts';
import { openWorld, type World } from './world.ts';

/** Tenants see nothing of each other, whoever asks for whatever. `npm run proof -- isolation` asks much longer. */
let test: TestDatabase;
let world: World;

beforeAll(async () => {
  // As few connections as there are in a small installation: so each serves one tenant after the other.
  test = await testDatabase(4);
  world = await openWorld(test.database, TEST_MASTER_KEY);
});
afterAll(async () => {
  await world.close();
  await test.drop();
});

it('whoever asks the API for whatever gets nothing of another tenant, and cannot tell theirs from nobody’s', async () => {
  const report = await probe(world, diceOf(1), 1_500);
  expect(report.faults).toEqual([]);
  expect(report.compared).toBeGreaterThan(20);
  for (const status of ['200', '401', '403', '404']) expect(report.statuses[status] ?? 0).toBeGreaterThan(20);
  for (const { canary } of world.plants) expect(world.logged.join('\n')).not.toContain(`secret-${canary}`);
});

it('transactions of several tenants on few connections see their own rows alone, however they end', async () => {
  const tenants = world.plants.map(({ tenantId }) => tenantId);
  const report = await interleave(test.database, tenants, diceOf(2), 1_000);
  expect(report.foreign).toBe(0);
  for (const end of ['commit', 'throw', 'error', 'cancel', 'lose']) expect(report.ends[end] ?? 0).toBeGreaterThan(50);
});

it('and the probes would notice: an API that lets everybody read everything has faults', async () => {
  const open = world.routes.map((route) => ({ ...route, scope: null, reach: 'anyone' as const }));
  const report = await probe({ ...world, routes: open }, diceOf(3), 300);
  expect(report.faults.length).toBeGreaterThan(10);
});
