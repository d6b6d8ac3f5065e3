import { expect, test } from 'vitest';
import { objectOf, type JsonObject } from '../../base/json.ts';
import { idOf, objectsOf } from '../plant/row.ts';
import { fixedClock, openReceiver, openSandbox, recordOf, rowsOf, type Client } from '../testing.ts';

interface Watched {
  readonly meterId: number;
  readonly id: number;
  readonly path: string;
  /** Takes readings one after the other and says what the trigger makes of each. */
  readonly after: (...values: readonly number[]) => Promise<readonly unknown[]>;
  /** Work orders that the trigger has made. */
  readonly made: () => readonly JsonObject[];
}

async function watch(client: Client, trigger: JsonObject, workOrderTemplate: JsonObject = {}): Promise<Watched> {
  const meter = await client.call('POST', '/meters', { name: 'Temperature', unit: 'C', measurementType: 'IOT_DEVICE' });
  const meterId = Number(meter.json['id']);
  const reply = await client.call('POST', '/metertriggers', {
    meterTrigger: { name: 'Too hot', meterId, condition: 'IS_GREATER', amount: 80, ...trigger },
    workOrderTemplate,
  });
  expect([reply.status, reply.text]).toEqual([201, expect.any(String)]);
  const id = Number(reply.json['id']);
  const path = `/metertriggers/${id}`;
  const after = async (...values: readonly number[]): Promise<readonly unknown[]> => {
    const states: unknown[] = [];
    for (const value of values) {
      await client.call('POST', '/meterreadings', [{ meterId, value }]);
      states.push(recordOf(await client.get(path), 'meterTrigger')['state']);
    }
    return states;
  };
  const made = (): readonly JsonObject[] =>
    client.sandbox.records('work-order').filter(({ title }) => title === 'Too hot');
  return { meterId, id, path, after, made };
}

test('a comparison fires once when it becomes true, and again only after it was not', async () => {
  await using receiver = await openReceiver();
  await using client = await openSandbox();
  await client.call('POST', '/subscriptions', { type: 'METER_TRIGGER_STATE_CHANGE', url: receiver.url });
  const { after, made, id, meterId } = await watch(client, {});
  expect(await after(70, 90, 95, 80, 81)).toEqual(['STABLE', 'TRIGGERED', 'TRIGGERED', 'STABLE', 'TRIGGERED']);
  expect(made()).toHaveLength(2);
  await receiver.next(4);
  expect(receiver.got).toHaveLength(4);
  expect(receiver.got[0]?.body).toEqual({
    meterTriggerId: id,
    meterId,
    oldState: 'INSUFFICIENT_DATA',
    newState: 'STABLE',
    orgId: client.sandbox.organizationId,
    occurredAt: expect.any(String),
  });
});

test.each([
  ['IS_LESS', 5, [9, 4], ['STABLE', 'TRIGGERED']],
  ['IS_EQUAL', 5, [9, 5], ['STABLE', 'TRIGGERED']],
  // From the first reading on: 110, then 120 is passed as well, then 130.
  ['INCREMENTED_BY', 10, [100, 109, 121, 129, 130], ['STABLE', 'STABLE', 'TRIGGERED', 'STABLE', 'TRIGGERED']],
  // The next one is as far again from what was read: 131.
  [
    'INCREMENTED_BY_BASED_ON_LAST_READING',
    10,
    [100, 109, 121, 130, 131],
    ['STABLE', 'STABLE', 'TRIGGERED', 'STABLE', 'TRIGGERED'],
  ],
  ['DECREMENTED_BY', 10, [100, 91, 90, 80], ['STABLE', 'STABLE', 'TRIGGERED', 'TRIGGERED']],
])('%s %d: readings %j make it %j', async (condition, amount, values, states) => {
  await using client = await openSandbox();
  const { after, made } = await watch(client, { condition, amount });
  expect(await after(...values)).toEqual(states);
  expect(made()).toHaveLength(states.filter((state) => state === 'TRIGGERED').length);
});

test('with data points it waits for enough of them, and a period forgets the old ones', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock });
  const dataPoints = { numerator: 2, denominator: 3 };
  const { after } = await watch(client, { dataPoints, period: 3600 });
  expect(await after(90, 70, 70, 90, 90)).toEqual([
    'INSUFFICIENT_DATA',
    'INSUFFICIENT_DATA',
    'PENDING',
    'PENDING',
    'TRIGGERED',
  ]);
  clock.move(3_601_000);
  expect(await after(70)).toEqual(['INSUFFICIENT_DATA']);
});

test('a trigger sleeps until its date', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock });
  const minDateForProcessing = new Date(clock.now() + 1000).toISOString();
  const { after, made, path } = await watch(client, { minDateForProcessing });
  expect(recordOf(await client.get(path), 'meterTrigger')['state']).toBe('INACTIVE');
  expect(await after(90)).toEqual(['INACTIVE']);
  expect(made()).toEqual([]);
  clock.move(1000);
  expect(await after(90)).toEqual(['TRIGGERED']);
});

test('the work order is made from the template, with its files', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock });
  const [asset, user, team, category, vendor, part] = (
    ['asset', 'user', 'team', 'category', 'vendor', 'part'] as const
  ).map((kind) => client.sandbox.records(kind)[0] ?? {});
  const data = {
    assetId: idOf(asset ?? {}),
    assigneeIds: [idOf(user ?? {})],
    teamIds: [idOf(team ?? {})],
    tagsIds: [idOf(category ?? {})],
    vendorIds: [idOf(vendor ?? {})],
    description: 'Cool it down.',
    priority: 'HIGH',
    dueDate: { type: 'OFFSET', offset: 3600 },
    partsUsed: [{ partId: idOf(part ?? {}), quantityUsed: 2 }],
    procedure: { title: 'Check', fields: [{ label: 'Fan on?', type: 'YES_NO_NA' }] },
  };
  const { after, made, path } = await watch(client, {}, { data });
  expect((await client.put(`${path}/workordertemplates/attachments/plan.txt`, Buffer.from('plan'))).status).toBe(201);
  expect((await client.put(`${path}/thumbnail/fan.png`, Buffer.from('picture'))).status).toBe(201);
  await after(95);
  const [row] = made();
  const workOrder = recordOf(await client.get(`/workorders/${idOf(row ?? {})}?expand=parts`), 'workOrder');
  expect(workOrder).toMatchObject({
    title: 'Too hot',
    assetId: data.assetId,
    description: 'Cool it down.',
    priority: 'HIGH',
    dueDate: new Date(clock.now() + 3_600_000).toISOString(),
    vendorIds: data.vendorIds,
    attachments: [{ fileName: 'plan.txt' }],
    thumbnail: { fileName: 'fan.png' },
    categories: [category?.['label']],
    parts: [{ id: idOf(part ?? {}), quantityUsed: 2 }],
  });
  const shown = recordOf(await client.get(`${path}?expand=work_order_template`), 'meterTrigger');
  const template = objectOf(objectOf(shown['workOrderTemplate'])['data']);
  expect(template).toMatchObject({ attachmentIds: [expect.any(Number)], thumbnailId: expect.any(Number) });
  expect(objectsOf(template['partsUsed'])).toMatchObject([{ id: idOf(part ?? {}), name: part?.['name'] }]);
  expect((await client.call('DELETE', `${path}/workordertemplates/attachments/plan.txt`)).status).toBe(204);
});

test('FACTS 2.4: edits answer 204; the name of a trigger and the title of its template are one', async () => {
  await using client = await openSandbox();
  const { path, meterId, id } = await watch(client, {});
  const edited = await client.call('PATCH', path, { meterTrigger: { amount: 60, description: 'Warmer' } });
  expect([edited.status, edited.text]).toEqual([204, '']);
  const template = await client.call('PATCH', `${path}/workordertemplates`, {
    title: 'Warm',
    data: { priority: 'LOW' },
  });
  expect([template.status, template.text]).toEqual([204, '']);
  const shown = recordOf(await client.get(`${path}?expand=work_order_template`), 'meterTrigger');
  expect(shown).toMatchObject({ name: 'Warm', amount: 60, description: 'Warmer' });
  expect(objectOf(shown['workOrderTemplate'])).toMatchObject({ title: 'Warm', data: { priority: 'LOW' } });
  const listed = await client.get(`/metertriggers?meters=${meterId}`);
  expect(rowsOf(listed, 'meterTriggers')).toEqual([{ id, name: 'Warm', meterId }]);
});

test('what it names must be there; it goes with its meter', async () => {
  await using client = await openSandbox();
  const { path, meterId } = await watch(client, {});
  const bad = await client.call('POST', '/metertriggers', {
    meterTrigger: { name: 'A', meterId: 1, condition: 'IS_LESS', amount: 1 },
  });
  expect(rowsOf(bad, 'errors')).toMatchObject([{ fieldPath: 'meterTrigger.meterId' }]);
  expect((await client.call('PATCH', `${path}/workordertemplates`, { data: { assetId: 1 } })).status).toBe(400);
  await client.call('DELETE', `/meters/${meterId}`);
  expect((await client.get(path)).json).toEqual({ error: 'Not Found.' });
  const late = await client.call('PATCH', `${path}/workordertemplates`, { title: 'Late' });
  expect([late.status, late.json]).toEqual([404, { error: 'work order template Not Found' }]);
});
