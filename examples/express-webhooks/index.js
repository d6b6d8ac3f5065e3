import { once } from 'node:events';
import { createClient } from 'millwright/maintainx';
import { startSandbox } from 'millwright/sandbox';
import { appWith } from './app.js';

const sandbox = await startSandbox({ port: 0 });
const client = createClient({ baseUrl: sandbox.url, apiKey: sandbox.apiKey });

// One address for each subscription: it tells which secret signed.
const secrets = new Map();
const delivered = Promise.withResolvers();
const app = appWith((path) => secrets.get(path), delivered.resolve);
const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');

const path = '/hooks/new-work-orders';
const url = `http://127.0.0.1:${server.address().port}${path}`;
const { id, secret } = await client.call('createSubscription', { body: { type: 'NEW_WORK_ORDER', url } });
secrets.set(path, secret);

const created = await client.call('createWorkOrder', { body: { title: 'Belt of conveyor 3 slips' } });
// Take it as a signal: the record itself is read again.
const delivery = await delivered.promise;
const { workOrder } = await client.call('getWorkOrder', { path: { id: delivery.body.workOrderId } });
console.log(`webhook of work order ${created.id}: ${workOrder.title}`);

await client.call('deleteSubscription', { path: { id } });
server.close();
server.closeAllConnections();
await sandbox.close();
