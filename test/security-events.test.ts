import { expect, it } from 'vitest';
import { seededRandom } from '../src/base/random.ts';
import { memoryBlobs } from '../src/blobs/memory.ts';
import { deliverWork, newId, type EnginePorts } from '../src/inbound/index.ts';
import type { HookEvent } from '../src/maintainx/index.ts';
import { memoryStore } from '../src/store/index.ts';

const NOW = Date.UTC(2026, 10, 30, 12);
const TENANT = '01a00000-0000-7000-8000-000000000001';

it('what MaintainX tells of who may do what stands in the audit too, once, with who did it', async () => {
  const store = memoryStore();
  store.admit(TENANT, '1', NOW);
  const clock = { now: () => NOW, sleep: () => Promise.resolve() };
  const random = seededRandom(1);
  const ports: EnginePorts = {
    store,
    clock,
    random,
    blobs: memoryBlobs(),
    siteOf: () => Promise.resolve(undefined),
    log: () => undefined,
    alarm: () => undefined,
    noticed: () => undefined,
  };
  const arrive = (eventType: HookEvent, body: object) =>
    store.accept([
      {
        tenantId: TENANT,
        deliveryId: newId(ports),
        subscriptionId: '01a00000-0000-7000-8000-000000000002',
        eventType,
        body: Buffer.from(JSON.stringify({ orgId: 1, occurredAt: new Date(NOW).toISOString(), ...body })),
        signedAt: NOW,
        uriSignature: 'valid',
        receivedAt: NOW,
      },
    ]);
  await arrive('API_TOKEN_CREATED', { userId: 7, tokenId: 3 });
  await arrive('NEW_ASSET', { assetId: 5, userId: 7 });
  await arrive('API_TOKEN_CREATED', { userId: 7, tokenId: 3 });
  await arrive('USER_LOGIN_FAILURE', { email: 'somebody@plant.example' });
  const lease = await store.leases.claim('deliver', 'test', NOW, 10_000, TENANT);
  if (lease === undefined) throw new Error('the lane is due');
  const turn = { hasOthers: () => false, isGreedy: () => false, did: () => undefined };
  await deliverWork(ports, () => undefined)(lease, new AbortController().signal, turn);
  const entries = await store.transact(TENANT, (tx) => tx.audit.after(0, 100));
  expect(entries).toMatchObject([
    {
      seq: 1,
      actor: 'MaintainX user/7',
      origin: 'webhook',
      action: 'organisation.api-token-created',
      beforeHash: null,
    },
    { seq: 2, actor: 'MaintainX', origin: 'webhook', action: 'user.login-failed' },
  ]);
});
