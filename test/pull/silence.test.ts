import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/inbound/index.ts';
import { tenantOver, TIMES } from './tenant.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

type Tenant = Awaited<ReturnType<typeof tenantOver>>;
const running: Tenant[] = [];
afterEach(() => {
  for (const tenant of running.splice(0)) tenant.stop();
});

/** A tenant who has all work orders; nothing but its own watch asks for a sweep. */
async function copied(): Promise<Tenant> {
  const tenant = await tenantOver({
    times: { ...TIMES, sweepIntervalMs: DAY, catchUpAfterMs: DAY },
    settings: { ...DEFAULT_SETTINGS, kinds: ['work-order'] },
  });
  running.push(tenant);
  await tenant.clock.pass(5 * MINUTE);
  return tenant;
}

/** The fact that a webhook leaves. */
const webhook = ({ store, sandbox, clock }: Tenant) =>
  store.transact('t', (tx) =>
    tx.log.append([
      {
        eventId: randomUUID(),
        stream: `work-order/${sandbox.organizationId}/42`,
        family: 'fact',
        type: 'work-order.edited',
        version: null,
        occurredAt: clock.now(),
        recordedAt: clock.now(),
        data: '{}',
        explainedBy: [],
        actor: null,
        factKey: null,
      },
    ]),
  );
const lastSweep = ({ store }: Tenant) => store.transact('t', (tx) => tx.runs.lastFinished(null, 'sweep'));
const silences = ({ situations }: Tenant): number => situations.filter((one) => one === 'hooks-silent').length;

/** People work until so many work orders have come to be, and polls have seen them. */
async function newWorkOrders(tenant: Tenant, count: number): Promise<void> {
  const before = new Set(tenant.sandbox.ids('work-order'));
  while (tenant.sandbox.ids('work-order').filter((id) => !before.has(id)).length < count) tenant.sandbox.change();
  await tenant.clock.pass(3 * MINUTE);
}

it('webhooks that come no more, while records come to be, are noticed once, and everything is swept', async () => {
  const tenant = await copied();
  await webhook(tenant);
  await newWorkOrders(tenant, 5);
  expect([silences(tenant), await lastSweep(tenant)]).toEqual([1, expect.any(Number)]);
  await newWorkOrders(tenant, 10);
  expect(silences(tenant)).toBe(1);
  await webhook(tenant);
  await newWorkOrders(tenant, 5);
  expect(silences(tenant)).toBe(2);
});

it('a few records without a webhook are no silence', async () => {
  const tenant = await copied();
  await webhook(tenant);
  await newWorkOrders(tenant, 2);
  expect([silences(tenant), await lastSweep(tenant)]).toEqual([0, null]);
});

it('where webhooks never came, none are missed', async () => {
  const tenant = await copied();
  await newWorkOrders(tenant, 10);
  expect([silences(tenant), await lastSweep(tenant)]).toEqual([0, null]);
});
