import { objectOf, type JsonObject } from '../../src/base/json.ts';
import { objectsOf } from './document.ts';
import { NO_ID } from './known.ts';
import { FIELDS, FILE_FIELD } from './procedure-fields.ts';
import { readWithEveryExpand, walkFiles, walkRecords } from './walk-records.ts';
import { createEach, goodBody, updateEach } from './writing.ts';
import { idIn, type Walker } from './walker.ts';

export async function walkWorkOrders(walker: Walker): Promise<void> {
  const { known } = walker;
  const values = meant(walker);
  const companions = { startDate: ['dueDate'] };
  const create = {
    values: { ...values, parentId: known.one('workorders') },
    companions,
    // A request is approved once only: walkWorkRequests does it.
    except: ['workOrderTemplateId', 'procedureTemplateId', 'workRequestId'],
  };
  const [id = known.one('workorders')] = await walkRecords(walker, 'workorders', {
    create,
    update: { values, companions, except: ['procedureTemplateId'] },
  });
  const procedureTemplateId = known.one('proceduretemplates');
  await newWorkOrder(walker, { procedureTemplateId });
  await walker.call('PATCH /workorders/{id}', {
    path: { id },
    body: { procedureTemplateId },
    query: [['expand', 'parts']],
  });
  await walkRepeating(walker, id);
  await walkFiles(walker, '/workorders/{id}', { id });
  await walkAround(walker, id);
  await walkProcedure(walker);
  await walkSubWorkOrders(walker);
  await walkOverdue(walker);
  await walkStatuses(walker);
  const { json } = await walker.call('GET /workorders/{id}', { path: { id } });
  const sequential = objectOf(json['workOrder'])['sequentialId'];
  if (typeof sequential === 'number')
    await walker.call('GET /workorders/{id}', { path: { id: sequential }, query: [['useSequentialId', 'true']] });
}

/** Values that fit each other. */
const meant = ({ known }: Walker): JsonObject => ({
  assignees: [
    { type: 'USER', id: known.one('users') },
    { type: 'TEAM', id: known.one('teams') },
  ],
  requesterId: known.one('users'),
  partsUsed: [{ partId: known.one('parts'), quantityUsed: 1 }],
  externalData: { order: 'E-17' },
  isParent: false,
  procedure: { title: 'look at it', fields: FIELDS },
  repeatability: { type: 'WEEKLY', interval: 1, days: ['MONDAY'] },
  recurrenceInfo: { type: 'DAILY' },
});

/** The rules of repetition, each once, written new and changed. */
async function walkRepeating(walker: Walker, id: number): Promise<void> {
  const rules: JsonObject[] = [
    { type: 'DAILY' },
    { type: 'WEEKLY', interval: 2, days: ['MONDAY', 'FRIDAY'] },
    { type: 'MONTHLY', interval: 1, day: 31 },
    { type: 'YEARLY', interval: 1 },
    { type: 'PERIODICALLY', interval: 3 },
  ];
  const dueDate = new Date(Date.now() + 86_400_000).toISOString();
  for (const rule of rules) {
    await newWorkOrder(walker, { repeatability: rule, dueDate });
    await walker.call('PATCH /workorders/{id}', { path: { id }, body: { recurrenceInfo: rule, dueDate } });
    await readWithEveryExpand(walker, 'workorders', id);
  }
}

/** What hangs on a work order. */
async function walkAround(walker: Walker, id: number): Promise<void> {
  for (const content of ['done by tomorrow', '/order two bearings'])
    await walker.call('POST /workorders/{id}/comments', { path: { id }, body: { content } });
  await walker.call('GET /workorders/{id}/comments', { path: { id } });
  await createEach(walker, 'POST /workorders/{id}/costs', { path: { id } });
  for (const costType of ['LABOR', 'OTHER', 'TRAVEL'])
    await walker.call('POST /workorders/{id}/costs', {
      path: { id },
      body: { type: 'EXPENSE', costType, costPerUnit: 1200 },
    });
  for (const costType of ['INSPECTION', 'OTHER', 'WORK'])
    await walker.call('POST /workorders/{id}/costs', {
      path: { id },
      body: { type: 'TIME', costType, durationTotal: 1800, hourlyRate: 4000 },
    });
  await walker.call('GET /workorders/{id}/costs', { path: { id } });
  await createEach(walker, 'POST /workorders/{id}/emails', { path: { id } });
  for (const partStatus of ['ASSIGNED', 'RESERVED', 'KITTED', 'STAGED', 'ISSUED', 'NO_PARTS'])
    await walker.call('PATCH /workorders/{id}/partStatus', { path: { id }, body: { partStatus } });
  await readWithEveryExpand(walker, 'workorders', id);
}

async function walkProcedure(walker: Walker): Promise<void> {
  const bytes = Buffer.from('a photograph');
  const id = await newWorkOrder(walker, { procedure: { title: 'with a photograph', fields: FIELDS } });
  const index = FILE_FIELD;
  const attachment = '/workorders/{id}/procedure/fields/{index}/attachment';
  await walker.call(`PUT ${attachment}/{filename}`, { path: { id, index, filename: 'photo.jpg' }, bytes });
  await walker.call('GET /workorders/{id}', { path: { id }, because: 'with a photograph' });
  await walker.call(`DELETE ${attachment}`, { path: { id, index } });
  walker.known.add(
    'workorders-with-files',
    await newWorkOrder(walker, { procedure: { title: 'kept', fields: FIELDS } }),
  );
  await walker.call('DELETE /workorders/{id}/procedure', { path: { id } });
  await walker.call('GET /workorders/{id}', { path: { id }, because: 'without its procedure' });
}

/** Due before anybody can do it; MaintainX tells when the time has come. */
async function walkOverdue(walker: Walker): Promise<void> {
  const body = { title: 'almost too late', dueDate: new Date(Date.now() + 500).toISOString() };
  // Not remembered, so that it is still there when the time has come.
  await walker.call('POST /workorders', { body });
}

async function walkSubWorkOrders(walker: Walker): Promise<void> {
  const id = await newWorkOrder(walker, { isParent: true });
  await newWorkOrder(walker, { parentId: id });
  await walker.call('GET /workorders/{id}/subworkorders', { path: { id } });
}

/** All statuses that may be set; SKIPPED may not (FACTS 2.4). */
async function walkStatuses(walker: Walker): Promise<void> {
  for (const course of [['IN_PROGRESS', 'ON_HOLD', 'IN_PROGRESS', 'DONE', 'OPEN'], ['CANCELED']]) {
    const id = await newWorkOrder(walker, { categories: ['Safety'], assetId: walker.known.one('assets') });
    for (const status of course) await walker.call('PATCH /workorders/{id}/status', { path: { id }, body: { status } });
    await readWithEveryExpand(walker, 'workorders', id);
  }
}

async function newWorkOrder(walker: Walker, also: JsonObject): Promise<number> {
  const body = { ...goodBody(walker, 'POST /workorders'), ...also };
  const id = idIn(await walker.call('POST /workorders', { body }));
  if (id !== undefined) walker.known.addMade('workorders', id);
  return id ?? walker.known.one('workorders');
}

export async function walkWorkRequests(walker: Walker): Promise<void> {
  const { known } = walker;
  const [id = known.one('workrequests')] = await walkRecords(walker, 'workrequests');
  await walkFiles(walker, '/workrequests/{id}', { id });
  const approved = await newWorkOrder(walker, { workRequestId: id });
  await walker.call('GET /workrequests/{id}', { path: { id }, query: [['expand', 'work_order']], because: 'approved' });
  await walker.call('PATCH /workorders/{id}/status', { path: { id: approved }, body: { status: 'DONE' } });
}

export async function walkProcedures(walker: Walker): Promise<void> {
  const { known } = walker;
  const fields = FIELDS.map((field, index) => ({ ...field, index }));
  const [id = known.one('proceduretemplates')] = await walkRecords(walker, 'proceduretemplates', {
    create: { values: { fields } },
    update: { values: { fields: [{ type: 'TEXT', label: 'one more' }] } },
  });
  const { json } = await walker.call('GET /proceduretemplates/{id}', { path: { id }, query: [['expand', 'rows']] });
  const rows = Object.values(json).flatMap((template) => objectsOf(objectOf(template)['rows']));
  known.addRows('proceduretemplaterows', rows);
  const row = known.one(
    'proceduretemplaterows',
    FIELDS.findIndex(({ type }) => type === 'TEXT'),
  );
  await updateEach(walker, 'PATCH /proceduretemplaterows/{id}', {
    path: { id: row },
    values: { type: 'TEXT' },
    except: ['choices', 'meterId'],
  });
  const path = { id: row };
  await walker.call('PUT /proceduretemplaterows/{id}/attachments/{filename}', {
    path: { ...path, filename: 'how.pdf' },
    bytes: Buffer.from('so'),
  });
  await walker.call('DELETE /proceduretemplaterows/{id}/attachments', { path });
  const last = known.one('proceduretemplaterows', Math.max(0, rows.length - 1));
  await walker.call('DELETE /proceduretemplaterows/{id}', { path: { id: last } });
}

/** A permit and the link to sign it, which comes by e-mail: no operation tells either. */
export interface PermitLink {
  readonly id: number;
  readonly externalLinkUuid: string;
}

export async function walkPermits(walker: Walker, permit: PermitLink | undefined): Promise<void> {
  const { id, externalLinkUuid } = permit ?? { id: NO_ID, externalLinkUuid: '2042e4f1-751d-4314-be8a-36a44f32b659' };
  const body = { externalLinkUuid, signerName: 'Nora Fjeld' };
  await walker.call('POST /workPermits/{id}/sign', { path: { id }, body });
}
