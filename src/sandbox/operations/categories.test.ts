import { expect, test } from 'vitest';
import { openSandbox, recordOf } from '../testing.ts';

test('a new label of a category shows at its work orders', async () => {
  await using client = await openSandbox();
  const { id } = (await client.call('POST', '/categories', { label: 'Paint' })).json;
  const order = (await client.call('POST', '/workorders', { title: 'Wall', categories: ['Paint'] })).json;
  await client.call('PATCH', `/categories/${Number(id)}`, { label: 'Painting' });
  const read = recordOf(await client.get(`/workorders/${Number(order['id'])}`), 'workOrder');
  expect(read['categories']).toEqual(['Painting']);
  expect(recordOf(await client.get(`/categories/${Number(id)}`), 'category')).toMatchObject({ workOrderCount: 1 });
});
