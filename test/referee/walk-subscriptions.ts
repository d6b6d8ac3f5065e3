import { objectOf, type JsonObject } from '../../src/base/json.ts';
import { alternativesOf } from './bodies.ts';
import { schemaOf } from './writing.ts';
import { idIn, type Walker } from './walker.ts';

/** Two subscriptions for every event type, with and without what is happening to whom, and one that is changed and removed. */
export async function subscribeToAll(walker: Walker, receiverUrl: string): Promise<void> {
  const options = new Map(
    alternativesOf(schemaOf(walker.operation('POST /subscriptions'))).map((one) => {
      const properties = objectOf(one['properties']);
      const [type] = typesIn(objectOf(properties['type'])['enum']);
      return [type ?? '', Object.keys(objectOf(objectOf(properties['options'])['properties']))];
    }),
  );
  for (const type of walker.document.events.keys())
    for (const isFull of [false, true]) {
      const wanted = (options.get(type) ?? []).filter((one) => one.startsWith('serialize'));
      const chosen: JsonObject = Object.fromEntries(wanted.map((one) => [one, true]));
      const also = isFull && wanted.length > 0 ? { options: chosen } : {};
      const body = { type, url: `${receiverUrl}/${type}/${isFull ? 'full' : 'plain'}`, ...also };
      const id = idIn(await walker.call('POST /subscriptions', { body, because: type }));
      if (id !== undefined) walker.known.add('subscriptions', id);
    }
}

const typesIn = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

export async function walkSubscriptions(walker: Walker, receiverUrl: string): Promise<void> {
  const url = `${receiverUrl}/passing`;
  const filtered = [
    { type: 'ASSET_STATUS_CHANGE', filters: { oneOfAssetStatusTypes: ['OFFLINE'], oneOfCustomAssetStatusesIds: [1] } },
    { type: 'METER_TRIGGER_STATE_CHANGE', filters: { oneOfStates: ['TRIGGERED'] } },
    { type: 'NEW_CATEGORY_ON_WORK_ORDER', filters: { oneOfCategories: ['Safety', 1] } },
    { type: 'NEW_SLASH_COMMAND', filters: { command: '/order' } },
    {
      type: 'PART_CHANGE',
      filters: { oneOfPartProperties: ['NAME'] },
      options: { onlySerializeFilteredProperties: true },
    },
    { type: 'PURCHASE_ORDER_CHANGE', filters: { oneOfPurchaseOrderProperties: ['NOTE'] } },
    { type: 'PURCHASE_ORDER_STATUS_CHANGE', filters: { oneOfStatuses: ['APPROVED'], vendors: [1] } },
    { type: 'WORK_ORDER_CHANGE', filters: { oneOfProperties: ['TITLE'] }, options: { serializeEntity: true } },
    { type: 'WORK_ORDER_PART_STATUS_CHANGE', filters: { oneOfPartStatuses: ['kitted'] } },
    { type: 'WORK_ORDER_STATUS_CHANGE', filters: { oneOfStatuses: ['DONE'] } },
    { type: 'WORK_REQUEST_STATUS_CHANGE', filters: { oneOfStatuses: ['APPROVED'] } },
  ];
  for (const body of filtered) {
    const id = idIn(
      await walker.call('POST /subscriptions', { body: { ...body, url }, because: `${body.type} filtered` }),
    );
    if (id !== undefined) walker.known.addMade('subscriptions', id);
  }
  const path = { id: walker.known.one('subscriptions') };
  await walker.call('GET /subscriptions/{id}', { path });
  await walker.call('GET /subscriptions/{id}/secret', { path });
  for (const body of [{ url: `${url}/moved` }, { type: 'NEW_WORK_ORDER' }, { type: 'NEW_PART', url }])
    await walker.call('PATCH /subscriptions/{id}', { path, body });
  await walker.call('GET /subscriptions/{id}', { path, because: 'changed' });
}
