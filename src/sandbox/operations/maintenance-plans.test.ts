import { expect, test } from 'vitest';
import type { JsonObject } from '../../base/json.ts';
import { idOf, objectsOf } from '../plant/row.ts';
import { fixedClock, openSandbox, recordOf, rowsOf, type Client } from '../testing.ts';

const BLUEPRINTS = '/maintenanceplans/workorderblueprints';

async function blueprint(client: Client, body: JsonObject = {}): Promise<number> {
  const reply = await client.call('POST', BLUEPRINTS, { title: 'Grease it', estimatedTime: 5400, ...body });
  expect(reply.status).toBe(201);
  return idOf(reply.json);
}

const WEEKLY = { type: 'WEEKLY', interval: 1, days: ['MONDAY'] };
const HORIZON = { value: 1, unit: 'WEEK' };

test('a maintenance plan is made, read, listed, edited and deleted', async () => {
  await using client = await openSandbox({ clock: fixedClock() });
  const [asset, other] = client.sandbox.records('asset').map(idOf);
  const workOrderBlueprintId = await blueprint(client);
  const created = await client.call('POST', '/maintenanceplans', {
    name: 'Weekly grease',
    recurrence: WEEKLY,
    workOrderBlueprintId,
    planningHorizon: HORIZON,
    workOrderStartDatePadding: 12,
    startDate: '2026-10-05T08:00:00Z',
    planAssets: [{ assetId: asset ?? 0 }],
    intervals: [{ interval: 4, workOrderBlueprintId }],
  });
  expect(created.status).toBe(201);
  const path = `/maintenanceplans/${idOf(created.json)}`;
  const plan = recordOf(await client.get(path), 'maintenancePlan');
  expect(plan).toMatchObject({
    name: 'Weekly grease',
    recurrence: WEEKLY,
    blueprintEstimatedTime: 90,
    workOrderStartDateOffset: { value: 12, unit: 'HOUR' },
    assets: [{ assetId: asset }],
    intervals: [{ interval: 4, workOrderBlueprintId }],
    nextScheduledWorkOrderDueDate: '2026-10-05T08:00:00.000Z',
    nextWorkOrderGenerationAt: '2026-09-28T08:00:00.000Z',
    archivedAt: null,
  });
  expect(rowsOf(await client.get('/maintenanceplans?limit=200'), 'maintenancePlans')).toContainEqual(plan);
  const edited = await client.call('PATCH', path, {
    name: 'Grease',
    addedPlanAssets: [{ assetId: other ?? 0 }],
    removedPlanAssetIds: objectsOf(plan['assets']).map(idOf),
    addedUpdatedIntervals: objectsOf(plan['intervals']).map((one) => ({ ...one, interval: 8 })),
    workOrderStartDateOffset: { value: 2, unit: 'DAY' },
    nextWorkOrderToGenerateDueDate: '2026-11-02T08:00:00Z',
  });
  expect(recordOf(edited, 'maintenancePlan')).toMatchObject({
    name: 'Grease',
    assets: [{ assetId: other }],
    intervals: [{ id: idOf(objectsOf(plan['intervals'])[0] ?? {}), interval: 8 }],
    workOrderStartDatePadding: 48,
    nextScheduledWorkOrderDueDate: '2026-11-02T08:00:00.000Z',
  });
  expect((await client.call('DELETE', path)).status).toBe(204);
  expect((await client.get(path)).json).toEqual({ error: 'Not Found.' });
  expect((await client.call('PATCH', path, {})).json).toEqual({ error: 'maintenance plan Not Found' });
});

test.each<[JsonObject, string]>([
  [{ workOrderBlueprintId: 1 }, 'workOrderBlueprintId'],
  [{ planAssets: [{ assetId: 1 }] }, 'planAssets.0.assetId'],
  [{ workOrderStartDateOffset: { value: 0, unit: 'DAY' } }, 'workOrderStartDateOffset.value'],
  [{ workOrderStartDateOffset: { value: 53, unit: 'WEEK' } }, 'workOrderStartDateOffset.value'],
])('a plan is refused with %j', async (body, fieldPath) => {
  await using client = await openSandbox();
  const workOrderBlueprintId = await blueprint(client);
  const good = { name: 'a', recurrence: WEEKLY, workOrderBlueprintId, planningHorizon: HORIZON };
  const reply = await client.call('POST', '/maintenanceplans', { ...good, ...body });
  expect([reply.status, objectsOf(reply.json['errors'])[0]?.['fieldPath']]).toEqual([400, fieldPath]);
});

test('a blueprint names people, teams, categories and parts that are there', async () => {
  await using client = await openSandbox();
  const ids = (['user', 'team', 'category', 'vendor', 'part'] as const).map((kind) =>
    idOf(client.sandbox.records(kind)[0] ?? {}),
  );
  const [user = 0, team = 0, category = 0, vendor = 0, part = 0] = ids;
  const partsUsed = [{ partId: part, quantityUsed: 1 }];
  await blueprint(client, { userIds: [user], teamIds: [team], tagIds: [category], vendorIds: [vendor], partsUsed });
  const reply = await client.call('POST', BLUEPRINTS, { title: 'a', userIds: [1], tagIds: [2] });
  const paths = objectsOf(reply.json['errors']).map(({ fieldPath }) => fieldPath);
  expect([reply.status, paths]).toEqual([400, ['userIds.0', 'tagIds.0']]);
});
