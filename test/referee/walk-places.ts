import { walkFiles, walkRecords } from './walk-records.ts';
import { createEach, updateEach } from './writing.ts';
import type { Walker } from './walker.ts';

/** Locations, vendors with their contacts, and custom fields. */
export async function walkPlaces(walker: Walker): Promise<void> {
  await walkCustomFields(walker);
  const parentId = walker.known.one('locations');
  const [location = parentId] = await walkRecords(walker, 'locations', { update: { values: { parentId } } });
  await walkFiles(walker, '/locations/{id}', { id: location });
  const [vendor = walker.known.one('vendors')] = await walkRecords(walker, 'vendors');
  await walkFiles(walker, '/vendors/{id}', { id: vendor });
  await walkContacts(walker, vendor);
}

async function walkContacts(walker: Walker, id: number): Promise<void> {
  const { known } = walker;
  known.add('vendors-with-contacts', id);
  const made = await createEach(walker, 'POST /vendors/{id}/contacts', { path: { id } });
  for (const contactId of made) {
    known.addMade('contacts', contactId);
    await walker.call('GET /vendors/{id}/contacts/{contactId}', { path: { id, contactId } });
  }
  await walker.call('GET /vendors/{id}/contacts', { path: { id } });
  const path = { id, contactId: known.one('contacts') };
  await updateEach(walker, 'PATCH /vendors/{id}/contacts/{contactId}', { path });
}

const ENTITIES = ['assets', 'locations', 'parts', 'workOrders', 'vendors', 'purchaseOrders', 'lineItemPurchaseOrders'];

const TYPES = ['oneline', 'multiline', 'number', 'singleSelect', 'date', 'datetime', 'link'];

/** Fields of every type for every entity; labels are remembered, so that records are written with them. */
async function walkCustomFields(walker: Walker): Promise<void> {
  const { known } = walker;
  for (const entity of ENTITIES) {
    for (const type of TYPES) {
      const field = {
        label: `${type} ${known.next()}`,
        type,
        ...(type === 'singleSelect' ? { options: ['a', 'b'] } : {}),
      };
      const more = type === 'date' ? { required: true, unlisted: false, includeInRecurrence: true } : {};
      const body = { fields: [{ ...field, ...more }] };
      for (const { id } of (await walker.call('POST /customfields/{entity}', { path: { entity }, body })).rows)
        if (typeof id === 'number') known.addMade(`customfields-${entity}`, id);
    }
    const { rows } = await walker.call('GET /customfields/{entity}', { path: { entity } });
    for (const { label, type } of rows)
      if (typeof label === 'string' && type === 'oneline') known.addLabel(entity.toLowerCase(), label);
    // Not the first, whose label the records are written with.
    const [, id] = known.made(`customfields-${entity}`);
    if (id === undefined) continue;
    const fields = [
      { label: `Renamed ${known.next()}` },
      { required: true, unlisted: true },
      { sortIndex: 1 },
      { type: 'multiline' },
    ];
    for (const field of fields)
      await walker.call('PATCH /customfields/{entity}/{id}', { path: { entity, id }, body: { field } });
  }
}
