import { createClient } from 'millwright/maintainx';
import { startSandbox } from 'millwright/sandbox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportLeak } from './report-leak.js';

let sandbox;
let client;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
  client = createClient({ baseUrl: sandbox.url, apiKey: sandbox.apiKey });
});
afterAll(() => sandbox.close());

test('a leak that is reported twice is one work order', async () => {
  const { assets } = await client.call('listAssets', { query: { limit: 1 } });
  const first = await reportLeak(client, assets[0].id);
  expect(await reportLeak(client, assets[0].id)).toBe(first);
});

test('a status that does not exist is refused before it is sent', async () => {
  const call = client.call('listWorkOrders', { query: { statuses: ['COMPLETED'] } });
  await expect(call).rejects.toMatchObject({ code: 'maintainx-call-invalid' });
});
