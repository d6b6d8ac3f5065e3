import { createClient } from 'millwright/maintainx';
import { startSandbox } from 'millwright/sandbox';

// Your key, or a sandbox on this machine when there is none.
const { MAINTAINX_API_KEY } = process.env;
const sandbox = MAINTAINX_API_KEY ? undefined : await startSandbox({ port: 0 });
const client = sandbox
  ? createClient({ baseUrl: sandbox.url, apiKey: sandbox.apiKey })
  : createClient({ apiKey: MAINTAINX_API_KEY });

const ids = [];
for await (const page of client.pagesOf('listWorkOrders', { query: { sort: '-updatedAt' } })) {
  ids.push(...page.rows.map((row) => row.id));
}
console.log(`${ids.length} work orders`);

const { id } = await client.call('createWorkOrder', { body: { title: 'Oil under press 7', priority: 'HIGH' } });
console.log(`created work order ${id}`);

// The smallest PNG there is; yours comes from a camera.
const photo = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const attachment = await client.call('putWorkOrderAttachment', {
  path: { id, filename: 'press 7.png' },
  body: photo,
  contentType: 'image/png',
});
console.log(`uploaded ${attachment.filename}`);

await sandbox?.close();
