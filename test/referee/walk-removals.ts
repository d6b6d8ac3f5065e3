import type { Walker } from './walker.ts';

/** What hangs on others goes before them. */
const FIRST = ['workorders', 'workrequests', 'maintenanceplans', 'metertriggers', 'meters', 'purchaseorders'];

/** Deletes everything that the walk made, looks whether it is gone, and deletes it again. */
export async function walkRemovals(walker: Walker): Promise<void> {
  await removeNested(walker);
  const deletable = walker.document.operations.filter(
    ({ method, segments }) => method === 'DELETE' && segments.length === 2 && segments[1] === '{id}',
  );
  const collections = deletable.map(({ segments }) => segments[0] ?? '');
  for (const collection of [...FIRST, ...collections.filter((one) => !FIRST.includes(one))])
    // The youngest first: sub work orders and children before their parents.
    for (const id of [...walker.known.made(collection)].reverse()) await removeOne(walker, collection, id);
}

async function removeOne(walker: Walker, collection: string, id: number): Promise<void> {
  const { isGood } = await walker.call(`DELETE /${collection}/{id}`, { path: { id } });
  if (!isGood) return;
  walker.known.remove(collection, id);
  const gone = { path: { id }, expect: [404], because: 'deleted' };
  if (walker.document.operations.some(({ name }) => name === `GET /${collection}/{id}`))
    await walker.call(`GET /${collection}/{id}`, gone);
  await walker.call(`DELETE /${collection}/{id}`, gone);
}

async function removeNested(walker: Walker): Promise<void> {
  const { known } = walker;
  const id = known.one('vendors-with-contacts');
  for (const contactId of known.made('contacts'))
    await walker.call('DELETE /vendors/{id}/contacts/{contactId}', { path: { id, contactId } });
  for (const entity of [
    'assets',
    'locations',
    'parts',
    'workOrders',
    'vendors',
    'purchaseOrders',
    'lineItemPurchaseOrders',
  ])
    for (const one of known.made(`customfields-${entity}`))
      await walker.call('DELETE /customfields/{entity}/{id}', { path: { entity, id: one } });
}
