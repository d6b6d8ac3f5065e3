import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { blobKeyOf, DEFAULT_SETTINGS } from '../../src/inbound/index.ts';
import { tenantOver, type TenantOptions } from './tenant.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Tenant = Awaited<ReturnType<typeof tenantOver>>;
const running: Tenant[] = [];
afterEach(() => {
  for (const tenant of running.splice(0)) tenant.stop();
});

async function tenantWithFiles(files: 'all' | 'none' = 'all', options: TenantOptions = {}): Promise<Tenant> {
  const kinds = ['asset', 'work-order', 'part', 'procedure-template'] as const;
  const tenant = await tenantOver({ ...options, settings: { ...DEFAULT_SETTINGS, kinds, files } });
  running.push(tenant);
  await tenant.clock.pass(5 * MINUTE);
  return tenant;
}

const listed = ({ store }: Tenant) => store.transact('t', (tx) => tx.files.page(null, 1_000));
const counts = ({ store }: Tenant) => store.transact('t', (tx) => tx.files.counts());

const putPicture = async ({ client, sandbox }: Tenant, text: string): Promise<string> => {
  const id = sandbox.ids('asset')[0] ?? 0;
  await client.call('putAssetAttachment', {
    path: { id, filename: `${text}.txt` },
    body: new TextEncoder().encode(text),
  });
  return String(id);
};

describe('files', { timeout: 120_000 }, () => {
  it('are not stored unless they are asked for', async () => {
    const tenant = await tenantWithFiles('none');
    expect(await counts(tenant)).toEqual({ wanted: 0, stored: 0, givenUp: 0, bytes: 0 });
    expect(tenant.blobs.stored.size).toBe(0);
  });

  it('are stored with the read that told their links: no request more', async () => {
    const without = await tenantWithFiles('none');
    const tenant = await tenantWithFiles();
    const { wanted, stored, bytes } = await counts(tenant);
    expect(wanted).toBe(0);
    expect(stored).toBeGreaterThan(5);
    expect(bytes).toBeGreaterThan(0);
    const toApi = ({ sent }: Tenant): number => sent.filter(({ pathname }) => pathname.startsWith('/v1/')).length;
    expect(toApi(tenant)).toBe(toApi(without));
    for (const { stored: one } of await listed(tenant)) {
      const bytesOf = tenant.blobs.stored.get(blobKeyOf('t', one?.sha256 ?? ''))?.bytes ?? new Uint8Array();
      expect(createHash('sha256').update(bytesOf).digest('hex')).toBe(one?.sha256);
      expect(bytesOf.length).toBe(one?.bytes);
    }
  });

  it('that are added later are stored too, and kept when they are removed', async () => {
    const tenant = await tenantWithFiles();
    const id = await putPicture(tenant, 'a new drawing');
    await tenant.clock.pass(3 * MINUTE);
    const of = async () => (await listed(tenant)).filter(({ fileName }) => fileName === 'a new drawing.txt');
    expect(await of()).toMatchObject([
      { state: 'stored', stored: { bytes: 13 }, owner: { kind: 'asset', recordId: id } },
    ]);
    const [attachment] = (await tenant.client.get('asset', id)).attachments?.slice(-1) ?? [];
    await tenant.client.call('deleteAssetAttachment', { path: { id, filename: 'a new drawing.txt' } });
    await tenant.clock.pass(3 * MINUTE);
    expect(attachment).toBeDefined();
    const [lost] = await of();
    expect(lost?.lostAt).not.toBeNull();
    expect(tenant.blobs.stored.has(blobKeyOf('t', lost?.stored?.sha256 ?? ''))).toBe(true);
  });

  it('that were known before they were asked for are fetched by reading their records again', async () => {
    const tenant = await tenantWithFiles('none');
    await tenant.store.transact('t', async (tx) => {
      await tx.settings.write({ ...(await tx.settings.read()), files: 'all' });
    });
    await tenant.clock.pass(HOUR);
    const { wanted, stored } = await counts(tenant);
    expect([wanted, stored > 5]).toEqual([0, true]);
  });

  it('whose link fails are tried again with a fresh one', async () => {
    const tenant = await tenantWithFiles();
    let failures = 0;
    tenant.lie.instead = ({ pathname }) =>
      pathname.startsWith('/v1/') || failures++ >= 2 ? undefined : { status: 403, headers: {}, body: 'expired' };
    await putPicture(tenant, 'late');
    await tenant.clock.pass(2 * MINUTE);
    expect((await listed(tenant)).find(({ fileName }) => fileName === 'late.txt')).toMatchObject({ state: 'wanted' });
    await tenant.clock.pass(HOUR);
    expect((await listed(tenant)).find(({ fileName }) => fileName === 'late.txt')).toMatchObject({ state: 'stored' });
    expect(tenant.situations).toContain('file-postponed');
  });

  it('that can never be read are given up with the reason, and their record is as true as any', async () => {
    const tenant = await tenantWithFiles();
    tenant.lie.instead = ({ pathname }) =>
      pathname.startsWith('/v1/') ? undefined : { status: 404, headers: {}, body: 'gone' };
    const id = await putPicture(tenant, 'lost');
    await tenant.clock.pass(20 * HOUR);
    expect((await listed(tenant)).find(({ fileName }) => fileName === 'lost.txt')).toMatchObject({
      state: 'given-up',
      reason: expect.stringContaining('maintainx-link-refused'),
    });
    expect(JSON.stringify((await tenant.record('asset', id))?.state)).toContain('lost.txt');
  });

  it('wait while the store for them is out of order, however long', async () => {
    const tenant = await tenantWithFiles();
    tenant.blobs.state.isDown = true;
    await putPicture(tenant, 'patient');
    await tenant.clock.pass(16 * HOUR);
    const find = async () => (await listed(tenant)).find(({ fileName }) => fileName === 'patient.txt');
    expect(await find()).toMatchObject({ state: 'wanted', reason: expect.stringContaining('blobs-unavailable') });
    tenant.blobs.state.isDown = false;
    await tenant.clock.pass(8 * HOUR);
    expect(await find()).toMatchObject({ state: 'stored' });
  });
});
