import { objectOf, type JsonObject } from '../../src/base/json.ts';
import { objectsOf } from './document.ts';
import { NO_ID } from './known.ts';
import { walkFiles, walkRecords } from './walk-records.ts';
import { create, createEach, goodBody, updateEach } from './writing.ts';
import { idIn, type Walker } from './walker.ts';

/** Root fields that switch off multi-location parts for the whole customer (FACTS 2.4): never written by us, so never walked. */
const LEGACY_STOCK = ['area', 'availableQuantity', 'locationId', 'minimumQuantity'];
/** What MaintainX reckons itself. */
const RECKONED = ['committedQuantities', 'assignedQuantity', 'createdAt', 'updatedAt', 'deletedAt'];

export async function walkParts(walker: Walker): Promise<void> {
  const { known } = walker;
  const [here, there] = [known.one('locations', 0), known.one('locations', 1)];
  const locations = [
    { locationId: here, availableQuantity: 10, minimumQuantity: 2, maximumQuantity: 20, area: 'A1' },
    { locationId: there, availableQuantity: 5, minimumQuantity: null, area: null },
  ];
  const vendors = [{ vendorId: known.one('vendors'), partNumber: 'X-1' }];
  const except = [...LEGACY_STOCK, ...RECKONED];
  const [id = known.one('parts')] = await walkRecords(walker, 'parts', {
    create: { values: { locations, vendors }, except },
    update: {
      values: {
        vendors,
        locations: { addedUpdated: [{ locationId: here, availableQuantity: 7 }], removedLocationIds: [] },
      },
      except,
    },
  });
  const removal = { locations: { addedUpdated: [], removedLocationIds: [there] } };
  await walker.call('PATCH /parts/{id}', { path: { id }, body: removal, because: 'a place less' });
  await walkFiles(walker, '/parts/{id}', { id });
  await walkTransfers(walker, locations);
}

async function walkTransfers(walker: Walker, locations: readonly JsonObject[]): Promise<void> {
  const { known } = walker;
  const stocked = async (name: string): Promise<number> => {
    const id = idIn(await walker.call('POST /parts', { body: { name, locations } }));
    if (id !== undefined) known.addMade('parts', id);
    return id ?? known.one('parts');
  };
  const values = {
    quantityRequested: 2,
    sourcePartId: await stocked('bearing'),
    destinationPartId: await stocked('bearing too'),
  };
  const sourceLocationId = known.one('locations', 0);
  const destinationLocations = [{ locationId: known.one('locations', 1), quantity: 2 }];
  const courses: JsonObject[][] = [
    [{ status: 'CANCELED' }],
    [{ status: 'DECLINED', responseMessage: 'we need it ourselves' }],
    [
      { status: 'APPROVED', sourceLocationId, quantity: 2, responseMessage: 'take it' },
      { status: 'COMPLETED', destinationLocations, quantity: 2 },
    ],
  ];
  for (const course of courses) {
    const [id = known.one('parttransferrequests')] = await createEach(walker, 'POST /parttransferrequests', { values });
    known.add('parttransferrequests', id);
    for (const body of course) await walker.call('PATCH /parttransferrequests/{id}', { path: { id }, body });
    await walker.call('GET /parttransferrequests/{id}', { path: { id } });
  }
}

/** Everything that is written of an order but its status, which has an operation of its own. */
export async function walkPurchaseOrders(walker: Walker): Promise<void> {
  const { known } = walker;
  const items = [
    { partId: known.one('parts'), quantityOrdered: 3, unitCost: 1250 },
    { name: 'freight', partNumber: 'F-1', quantityOrdered: 1, unitCost: 4000 },
  ];
  const costs = [
    { name: 'freight', type: 'AMOUNT_NON_TAXABLE', amount: 500 },
    { name: 'tax', type: 'PERCENT_TAXABLE', amount: 8 },
  ];
  const values = { items, costs, vendorId: known.one('vendors'), vendorContactIds: known.all('contacts').slice(0, 1) };
  const except = ['deletedAt', 'shippingAddressId', 'billingAddressId', 'status'];
  const [id = known.one('purchaseorders')] = await walkRecords(walker, 'purchaseorders', {
    create: { values, except },
    update: { values, except },
  });
  await walkFiles(walker, '/purchaseorders/{id}', { id });
  await walker.call('POST /purchaseorders/{id}/comments', { path: { id }, body: { content: 'when does it come?' } });
  const emails = ['sales@example.com'];
  for (const body of [{ emails }, { emails, emailsCC: ['boss@example.com'] }, {}])
    await walker.call('POST /purchaseorders/{id}/emails', { path: { id }, body });
  await walkCourses(walker, values);
}

/** The table of transitions in the description of PATCH /purchaseorders/{id}/status, each arrow once. */
async function walkCourses(walker: Walker, values: JsonObject): Promise<void> {
  const courses = [
    ['CANCELED'],
    ['PENDING', 'APPROVED', 'CANCELED'],
    ['PENDING', 'CANCELED'],
    ['DECLINED', 'PENDING', 'DECLINED', 'CANCELED'],
  ];
  for (const course of courses) {
    const id = await order(walker, values);
    for (const status of course) await setStatus(walker, id, status);
  }
  const id = await order(walker, values);
  for (const status of ['PENDING', 'APPROVED']) await setStatus(walker, id, status);
  await receive(walker, id, 1);
  await receive(walker, id, 2);
  for (const status of ['COMPLETED', 'PARTIALLY_FULFILLED']) await setStatus(walker, id, status);
}

async function setStatus(walker: Walker, id: number, status: string): Promise<void> {
  const body = { status, reviewNote: 'so be it' };
  await walker.call('PATCH /purchaseorders/{id}/status', { path: { id }, body });
  await walker.call('GET /purchaseorders/{id}', { path: { id }, because: status });
}

async function receive(walker: Walker, id: number, quantityReceived: number): Promise<void> {
  const { json } = await walker.call('GET /purchaseorders/{id}', { path: { id } });
  const [item] = objectsOf(objectOf(json['purchaseOrder'])['items']);
  const fulfillments = [{ locationId: walker.known.one('locations', 0), quantityReceived }];
  const items = [{ id: item?.['id'] ?? NO_ID, unitCost: 1300, fulfillments }];
  await walker.call('PATCH /purchaseorders/{id}/fulfillment', { path: { id }, body: { items } });
}

async function order(walker: Walker, values: JsonObject): Promise<number> {
  const id = idIn(
    await walker.call('POST /purchaseorders', { body: goodBody(walker, 'POST /purchaseorders', { values }) }),
  );
  if (id !== undefined) walker.known.addMade('purchaseorders', id);
  return id ?? walker.known.one('purchaseorders');
}

export async function walkMeters(walker: Walker): Promise<void> {
  const { known } = walker;
  const [id = known.one('meters')] = await walkRecords(walker, 'meters');
  for (const body of [{ readingValue: 12.5 }, { readingValue: 13, readingDate: new Date().toISOString() }]) {
    const [meterId = id] = await create(walker, 'meters', {
      except: ['description', 'measurementType', 'readingFrequency', 'assetId', 'locationId'],
    });
    await walker.call('POST /meters/{meterId}/readings', { path: { meterId }, body });
  }
  const readings = [
    { meterId: id, value: 20 },
    { meterId: id, value: 21, readingDate: new Date().toISOString() },
  ];
  await walker.call('POST /meterreadings', { body: readings });
  await walkMeterTriggers(walker, id);
}

async function walkMeterTriggers(walker: Walker, meterId: number): Promise<void> {
  const { known } = walker;
  const meterTrigger = { meterId, amount: 100, condition: 'IS_GREATER', name: 'too hot' };
  const made = await createEach(walker, 'POST /metertriggers', {
    values: { meterTrigger, workOrderTemplate: template(walker) },
  });
  for (const one of made) known.addMade('metertriggers', one);
  const id = known.one('metertriggers');
  for (const query of [[], [['expand', 'work_order_template']]] as const)
    await walker.call('GET /metertriggers/{id}', { path: { id }, query });
  const changes = {
    amount: 90,
    condition: 'IS_LESS',
    description: 'too cold',
    name: 'cold',
    period: 600,
    nextTriggerValue: 80,
  };
  for (const [name, value] of Object.entries(changes))
    await walker.call('PATCH /metertriggers/{id}', { path: { id }, body: { meterTrigger: { [name]: value } } });
  const dataPoints = { numerator: 1, denominator: 1 };
  await walker.call('PATCH /metertriggers/{id}', {
    path: { id },
    body: { meterTrigger: { dataPoints, minDateForProcessing: new Date().toISOString() } },
  });
  await updateEach(walker, 'PATCH /metertriggers/{id}/workordertemplates', { path: { id }, values: template(walker) });
  await walkFiles(walker, '/metertriggers/{id}', { id });
  await walkFiles(walker, '/metertriggers/{id}/workordertemplates', { id });
  // Below 90: the trigger, which is on IS_LESS by now, fires.
  await walker.call('POST /meterreadings', { body: [{ meterId, value: 42 }] });
  await walker.call('POST /meterreadings', { body: [{ meterId, value: 142 }] });
}

const template = ({ known }: Walker): JsonObject => ({
  procedureTemplateId: known.one('proceduretemplates'),
  data: {
    title: 'cool it down',
    assetId: known.one('assets'),
    locationId: known.one('locations'),
    description: 'it is too hot',
    priority: 'HIGH',
    dueDate: { type: 'OFFSET', offset: 3600 },
    assigneeIds: [known.one('users')],
    teamIds: [known.one('teams')],
    tagsIds: [known.one('categories')],
    vendorIds: [known.one('vendors')],
    partsUsed: [{ partId: known.one('parts'), quantityUsed: 1 }],
  },
});
