import { create, updateEach } from './writing.ts';
import { walkFiles, walkRecords } from './walk-records.ts';
import type { Walker } from './walker.ts';

export async function walkAssets(walker: Walker): Promise<void> {
  const { known } = walker;
  await walkMakers(walker);
  await walkCustomStatuses(walker);
  const values = {
    manufacturer: { id: known.one('manufacturers') },
    model: { id: known.one('models') },
  };
  const companions = { model: ['manufacturer'] };
  const [id = known.one('assets')] = await walkRecords(walker, 'assets', {
    create: { values, companions },
    // Nothing is its own parent.
    update: { values: { ...values, parentId: known.one('assets') }, companions },
  });
  await walkFiles(walker, '/assets/{id}', { id });
  await walkStatuses(walker, id);
  for (const one of known.all('assetcriticalities').slice(0, 2))
    await walker.call('GET /assetcriticalities/{id}', { path: { id: one } });
}

async function walkMakers(walker: Walker): Promise<void> {
  const { known } = walker;
  await create(walker, 'manufacturers');
  await walker.call('GET /manufacturers/{id}', { path: { id: known.one('manufacturers') } });
  await create(walker, 'models');
  await walker.call('GET /models/{id}', { path: { id: known.one('models') } });
}

async function walkCustomStatuses(walker: Walker): Promise<void> {
  const { known } = walker;
  for (const baseAssetStatus of ['OFFLINE', 'ONLINE', 'IGNORE'])
    for (const id of await create(walker, 'assetcustomstatuses', { values: { baseAssetStatus } })) {
      await walker.call('GET /assetcustomstatuses/{id}', { path: { id } });
      known.add(`assetcustomstatuses-${baseAssetStatus}`, id);
    }
  const id = known.one('assetcustomstatuses');
  await updateEach(walker, 'PATCH /assetcustomstatuses/{id}', { path: { id } });
}

/** Every status, its custom statuses, its two kinds of downtime. */
async function walkStatuses(walker: Walker, assetId: number): Promise<void> {
  const { known } = walker;
  const startedAt = new Date(Date.now() - 3_600_000).toISOString();
  const endedAt = new Date(Date.now() - 1_800_000).toISOString();
  const bodies = [
    { status: 'OFFLINE' },
    { status: 'ONLINE' },
    { status: 'IGNORE' },
    { status: 'OFFLINE', downtimeType: 'PLANNED', description: 'yearly overhaul' },
    { status: 'ONLINE', customStatusId: known.one('assetcustomstatuses-ONLINE') },
    { status: 'OFFLINE', downtimeType: 'UNPLANNED', customStatusId: known.one('assetcustomstatuses-OFFLINE') },
    { status: 'ONLINE', startedAt },
    { status: 'OFFLINE', downtimeType: 'UNPLANNED', startedAt, endedAt },
  ];
  for (const body of bodies) await walker.call('POST /assets/{assetId}/status', { path: { assetId }, body });
  const { rows } = await walker.call('GET /assetstatuses', { query: [['assetId', String(assetId)]] });
  walker.known.addRows('assetstatuses', rows);
  const id = known.one('assetstatuses', known.all('assetstatuses').length - 1);
  for (const body of [
    { description: 'it was the bearing' },
    { downtimeType: 'PLANNED' },
    { startedAt },
    bodies[7] ?? {},
  ])
    await walker.call('PATCH /assetstatuses/{id}', { path: { id }, body });
}
