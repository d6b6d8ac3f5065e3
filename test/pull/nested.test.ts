import { afterEach, describe, expect, it } from 'vitest';
import { isObject } from '../../src/base/json.ts';
import { DEFAULT_SETTINGS, PLAIN_RUN } from '../../src/inbound/index.ts';
import { KINDS, type Kind } from '../../src/maintainx/index.ts';
import { compareKind, type HeldRecord } from '../../src/records/index.ts';
import { tenantOver, TIMES, type TenantOptions } from './tenant.ts';

const MINUTE = 60_000;
const RUN_ID = '01990000-0000-7000-8000-000000000001';

type Tenant = Awaited<ReturnType<typeof tenantOver>>;
const running: Tenant[] = [];
afterEach(() => {
  for (const tenant of running.splice(0)) tenant.stop();
});

/** A tenant who copies these kinds and has them all. */
async function copied(kinds: readonly Kind[], options: TenantOptions = {}): Promise<Tenant> {
  const tenant = await tenantOver({ ...options, settings: { ...DEFAULT_SETTINGS, kinds } });
  running.push(tenant);
  await tenant.clock.pass(5 * MINUTE);
  return tenant;
}

async function differences({ sandbox, records }: Tenant, kinds: readonly Kind[]): Promise<readonly unknown[]> {
  const held = await records();
  return kinds.flatMap((kind) =>
    compareKind(
      kind,
      sandbox.records(kind),
      held.filter(({ key }) => key.kind === kind),
    ),
  );
}

const rowsOf = (record: HeldRecord | undefined): readonly unknown[] => {
  const rows = record?.state['rows'];
  return Array.isArray(rows) ? rows : [];
};

const askedFor = ({ sent }: Tenant, end: string): number =>
  sent.filter(({ pathname }) => pathname.endsWith(end)).length;

describe('everything that MaintainX lists', () => {
  it('is copied when it is asked for: every kind, field by field, and rows that hang on records', async () => {
    const tenant = await copied(KINDS);
    const living = await tenant.living();
    expect(KINDS.filter((kind) => (living.get(kind) ?? 0) === 0)).toEqual([]);
    expect(await differences(tenant, KINDS)).toEqual([]);
  });
});

describe('comments', () => {
  const KIND = 'work-order-comment';

  it('are read once for each work order that has some, and not for the others', async () => {
    const tenant = await copied([KIND]);
    const withSome = tenant.sandbox.records(KIND).length;
    expect(withSome).toBeGreaterThan(5);
    expect(withSome).toBeLessThan(tenant.sandbox.records('work-order').length);
    expect(askedFor(tenant, '/comments')).toBe(withSome);
  });

  it('are read again when somebody writes one: the sweep shows lastMessageSentAt, updatedAt stays as it was', async () => {
    const tenant = await copied([KIND]);
    const [first] = tenant.sandbox.records(KIND);
    const id = Number(first?.['id']);
    const before = await tenant.record(KIND, id);
    await tenant.client.call('createWorkOrderComment', { path: { id }, body: { content: 'The belt slips again' } });
    const asked = askedFor(tenant, '/comments');
    await tenant.clock.pass(TIMES.sweepIntervalMs + MINUTE);
    const after = await tenant.record(KIND, id);
    expect(rowsOf(after)).toHaveLength(rowsOf(before).length + 1);
    expect(JSON.stringify(after?.state)).toContain('The belt slips again');
    expect(askedFor(tenant, '/comments')).toBe(asked + 1);
    expect(await differences(tenant, [KIND])).toEqual([]);
  });

  it('end with their work order, without a request of their own', async () => {
    const tenant = await copied([KIND]);
    const [first] = tenant.sandbox.records(KIND);
    const id = Number(first?.['id']);
    const asked = askedFor(tenant, '/comments');
    tenant.sandbox.remove('work-order', id);
    await tenant.clock.pass(TIMES.sweepIntervalMs + MINUTE);
    expect((await tenant.record('work-order', id))?.deletedAt).not.toBeNull();
    expect((await tenant.record(KIND, id))?.deletedAt).not.toBeNull();
    expect(askedFor(tenant, '/comments')).toBe(asked);
  });

  it('stay as they are when only they cannot be found: their work order is looked at first', async () => {
    const tenant = await copied([KIND]);
    const [first] = tenant.sandbox.records(KIND);
    const id = Number(first?.['id']);
    await tenant.client.call('createWorkOrderComment', { path: { id }, body: { content: 'Nobody sees this yet' } });
    tenant.lie.instead = ({ pathname }) =>
      pathname.endsWith(`/${id}/comments`)
        ? { status: 404, headers: { 'content-type': 'application/json' }, body: '{"error":"Work Order Not Found"}' }
        : undefined;
    await tenant.clock.pass(TIMES.sweepIntervalMs + MINUTE);
    expect(tenant.situations).toContain('parent-in-doubt');
    expect((await tenant.record(KIND, id))?.deletedAt).toBeNull();
    tenant.lie.instead = () => undefined;
    await tenant.clock.pass(11 * MINUTE);
    expect(JSON.stringify((await tenant.record(KIND, id))?.state)).toContain('Nobody sees this yet');
  });

  it('that MaintainX refused again and again are tried again when a person asks for everything', async () => {
    const refused = { status: 400, headers: { 'content-type': 'application/json' }, body: '{"error":"no"}' };
    let isRefusing = true;
    const tenant = await copied([KIND], {
      lie: ({ pathname }) => (isRefusing && pathname.endsWith('/comments') ? refused : undefined),
    });
    await tenant.clock.pass(30 * MINUTE);
    expect(tenant.situations).toContain('read-parked');
    isRefusing = false;
    await tenant.clock.pass(TIMES.sweepIntervalMs + MINUTE);
    expect((await differences(tenant, [KIND])).length).toBeGreaterThan(0);
    const options = { ...PLAIN_RUN, reread: 'all' } as const;
    const organizationId = String(tenant.sandbox.organizationId);
    await tenant.store.transact('t', (tx) =>
      tx.runs.request({ runId: RUN_ID, organizationId, what: 'sweep', options, requestedAt: tenant.clock.now() }, [
        'work-order',
      ]),
    );
    await tenant.clock.pass(5 * MINUTE);
    expect(await differences(tenant, [KIND])).toEqual([]);
  });

  it('are read when they are chosen after the first copy, and asked for no more than once', async () => {
    const tenant = await copied(['work-order']);
    expect(askedFor(tenant, '/comments')).toBe(0);
    await tenant.store.transact('t', (tx) => tx.settings.write({ ...DEFAULT_SETTINGS, kinds: ['work-order', KIND] }));
    await tenant.clock.pass(3 * TIMES.sweepIntervalMs);
    expect(await differences(tenant, [KIND])).toEqual([]);
    expect(askedFor(tenant, '/comments')).toBe(tenant.sandbox.records(KIND).length);
  });
});

describe('contacts of a vendor', () => {
  it('are found to be edited with the next re-read of their vendor', async () => {
    const tenant = await copied(['vendor-contact']);
    const [first] = tenant.sandbox.records('vendor-contact');
    const [contact] = Array.isArray(first?.['rows']) ? first['rows'].filter(isObject) : [];
    const [id, contactId] = [Number(first?.['id']), Number(contact?.['id'])];
    await tenant.client.call('updateVendorContact', { path: { id, contactId }, body: { role: 'On call at night' } });
    await tenant.clock.pass(2 * TIMES.rereadIntervalMs);
    expect(JSON.stringify((await tenant.record('vendor-contact', id))?.state)).toContain('On call at night');
    expect(await differences(tenant, ['vendor', 'vendor-contact'])).toEqual([]);
  });
});

describe('a kind of which only the list tells', () => {
  it('has its deletes proven by another walk through its list', async () => {
    const tenant = await copied(['custom-field']);
    const first = tenant.sandbox.records('custom-field').find(({ entity }) => entity === 'assets');
    const id = Number(first?.['id']);
    await tenant.client.call('deleteCustomField', { path: { id, entity: 'assets' } });
    await tenant.clock.pass(TIMES.sweepIntervalMs + MINUTE);
    expect((await tenant.record('custom-field', id))?.deletedAt).not.toBeNull();
    expect(await differences(tenant, ['custom-field'])).toEqual([]);
  });
});
