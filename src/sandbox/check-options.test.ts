import { expect, test } from 'vitest';
import { startSandbox } from './sandbox.ts';
import { openReceiver, openSandbox, rowsOf } from './testing.ts';

test.each([
  [{ plant: 'huge' }, 'plant must be one of small, medium, large'],
  [{ requestsPerMinute: -1 }, 'requestsPerMinute must be a whole number from 0'],
  [{ windowPhaseMs: Number.NaN }, 'windowPhaseMs must be'],
  [{ seed: 'x' }, 'seed must be'],
  [{ organizations: 501 }, 'organizations must be a whole number from 1 to 500'],
  [{ eventTypeInHooks: 'perhaps' }, 'eventTypeInHooks must be one of never, always, some'],
  [{ faults: { lightning: {} } }, 'lightning'],
  [{ plants: 3 }, 'no option "plants"'],
])('a sandbox that cannot be is refused with a reason: %j', async (options, reason) => {
  // From JavaScript anything may come.
  await expect(startSandbox({ port: 0, ...(options as object) })).rejects.toThrow(reason);
});

test('a work order becomes overdue while nobody is at work', async () => {
  await using client = await openSandbox();
  await using receiver = await openReceiver();
  await client.call('POST', '/subscriptions', { type: 'WORK_ORDER_OVERDUE', url: receiver.url });
  const { id } = (await client.call('POST', '/workorders', { title: 'Late', dueDate: '2020-01-01T00:00:00Z' })).json;
  await receiver.next(1);
  expect(receiver.got.map(({ body }) => body['workOrderId'])).toContain(id);
});

test('the label of a custom field may be a word that every object has', async () => {
  await using client = await openSandbox();
  for (const label of ['constructor', 'toString', 'x__c']) {
    await client.call('POST', '/customfields/assets', { fields: [{ label, type: 'oneline' }] });
    const made = await client.call('POST', '/assets', { name: 'A', extraFields: { [label]: 'v' } });
    const found = await client.get(`/assets?${label}=v`);
    expect(found.status).toBe(200);
    expect(rowsOf(found, 'assets').map(({ id }) => id)).toEqual([made.json['id']]);
  }
  const refused = await client.call('POST', '/customfields/assets', {
    fields: [{ label: '__proto__', type: 'oneline' }],
  });
  expect(refused.status).toBe(400);
});
