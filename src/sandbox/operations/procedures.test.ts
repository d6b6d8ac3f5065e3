import { expect, test } from 'vitest';
import { objectOf, type JsonObject } from '../../base/json.ts';
import { idOf, objectsOf, textOf, type Row } from '../plant/row.ts';
import { openSandbox, recordOf, rowsOf, type Client } from '../testing.ts';

const FIELDS = [
  { type: 'HEADING', label: 'Start' },
  { type: 'MULTIPLE_CHOICE', label: 'Noise', choices: ['None', 'Loud'], urls: [{ link: 'https://a.example' }] },
  { type: 'FILE', label: 'Photo', description: 'From the side' },
];

async function template(client: Client): Promise<{ readonly id: number; readonly rows: readonly JsonObject[] }> {
  const reply = await client.call('POST', '/proceduretemplates', { title: 'Check', fields: FIELDS });
  expect(reply.status).toBe(201);
  return { id: idOf(reply.json), rows: objectsOf(reply.json['fields']) };
}

const rowsIn = async (client: Client, id: number): Promise<readonly JsonObject[]> =>
  objectsOf(recordOf(await client.get(`/proceduretemplates/${id}?expand=rows`), 'procedureTemplate')['rows']);

test('a procedure template is made, listed, edited and deleted with its rows', async () => {
  await using client = await openSandbox();
  const { id, rows } = await template(client);
  expect(rows).toMatchObject(FIELDS);
  const one = recordOf(await client.get(`/proceduretemplates/${id}`), 'procedureTemplate');
  expect(one).toMatchObject({ id, title: 'Check', deletedAt: null });
  expect(one['rows']).toBeUndefined();
  const listed = rowsOf(await client.get('/proceduretemplates?expand=rows&limit=200'), 'procedureTemplates');
  expect(listed.find((row) => row['id'] === id)).toMatchObject({ title: 'Check', rows: [{ label: 'Start' }, {}, {}] });
  const edit = {
    title: 'New',
    fields: [
      { id: idOf(rows[0] ?? {}), label: 'Begin' },
      { type: 'TEXT', label: 'Note' },
    ],
  };
  expect((await client.call('PATCH', `/proceduretemplates/${id}`, edit)).status).toBe(204);
  expect((await rowsIn(client, id)).map(({ label }) => label)).toEqual(['Begin', 'Noise', 'Photo', 'Note']);
  const foreign = await client.call('PATCH', `/proceduretemplates/${id}`, { fields: [{ id: 1, label: 'x' }] });
  expect([foreign.status, objectsOf(foreign.json['errors'])[0]?.['fieldPath']]).toEqual([400, 'fields.0.id']);
  expect((await client.call('DELETE', `/proceduretemplates/${id}`)).status).toBe(204);
  expect((await client.get(`/proceduretemplates/${id}`)).json).toEqual({ error: 'Not Found.' });
  expect((await client.call('PATCH', `/proceduretemplaterows/${idOf(rows[0] ?? {})}`, {})).json).toEqual({
    error: 'procedure template row Not Found',
  });
});

test('a row is edited, moved, given files and deleted', async () => {
  await using client = await openSandbox();
  const { id, rows } = await template(client);
  const row = `/proceduretemplaterows/${idOf(rows[0] ?? {})}`;
  const edited = await client.call('PATCH', row, { label: 'End', index: 9 });
  expect(recordOf(edited, 'row')).toMatchObject({ label: 'End', type: 'HEADING' });
  expect((await rowsIn(client, id)).map(({ label }) => label)).toEqual(['Noise', 'Photo', 'End']);
  const put = await client.call('PUT', `${row}/attachments/how.pdf`, 'so');
  expect([put.status, put.json['filename']]).toEqual([201, 'how.pdf']);
  const held = (await rowsIn(client, id)).at(-1);
  expect(objectsOf(held?.['attachments'])).toMatchObject([{ id: held?.['attachmentId'], fileName: 'how.pdf' }]);
  expect((await client.call('DELETE', `${row}/attachments`)).status).toBe(204);
  expect((await rowsIn(client, id)).at(-1)?.['attachments']).toEqual([]);
  expect((await client.call('DELETE', row)).status).toBe(204);
  expect(await rowsIn(client, id)).toHaveLength(2);
});

async function workOrderWith(client: Client, body: JsonObject): Promise<number> {
  return idOf((await client.call('POST', '/workorders', { title: 'Pump', ...body })).json);
}

const procedureOf = async (client: Client, id: number): Promise<Row> => ({
  ...objectOf(recordOf(await client.get(`/workorders/${id}`), 'workOrder')['procedure']),
});

test('a template becomes the procedure of a work order, and can be detached', async () => {
  await using client = await openSandbox();
  const { id: procedureTemplateId, rows } = await template(client);
  const id = await workOrderWith(client, { procedureTemplateId });
  expect(await procedureOf(client, id)).toMatchObject({
    title: 'Check',
    templateIds: [procedureTemplateId],
    fields: rows.map(({ id: procedureTemplateFieldId, label = '' }) => ({
      label,
      procedureTemplateId,
      procedureTemplateFieldId,
      value: {},
    })),
  });
  const path = `/workorders/${id}/procedure`;
  expect((await client.call('DELETE', path)).status).toBe(204);
  expect(await procedureOf(client, id)).toEqual({});
  const again = await client.call('DELETE', path);
  expect([again.status, again.json]).toEqual([404, { error: 'Not found' }]);
  await client.call('PATCH', `/workorders/${id}`, { procedureTemplateId });
  expect((await procedureOf(client, id))['title']).toBe('Check');
});

test('FACTS 2.4: value.attachment of a procedure field repeats value.attachments[0]', async () => {
  await using client = await openSandbox();
  const [meter] = client.sandbox.records('meter');
  const fields = [
    { type: 'METER', label: 'Hours', meterId: idOf(meter ?? {}), index: 2 },
    { ...FIELDS[2], index: 1 },
  ];
  const id = await workOrderWith(client, { procedure: { title: 'Own', fields } });
  const path = `/workorders/${id}/procedure/fields/0/attachment`;
  expect((await client.call('DELETE', path)).json).toEqual({ error: 'attachment Not Found' });
  expect((await client.call('PUT', `${path}/photo.jpg`, 'bytes')).status).toBe(201);
  const [file, hours] = objectsOf((await procedureOf(client, id))['fields']);
  const value = objectOf(file?.['value']);
  const [first] = objectsOf(value['attachments']);
  expect([textOf(first?.['fileName']), value['hasAttachments']]).toEqual(['photo.jpg', true]);
  expect(objectOf(value['attachment'])['id']).toBe(first?.['id']);
  expect(hours?.['meter']).toEqual({ id: meter?.['id'], name: meter?.['name'] });
  expect((await client.call('DELETE', path)).status).toBe(204);
  expect(objectsOf((await procedureOf(client, id))['fields'])[0]?.['value']).toEqual({});
  expect((await client.call('PUT', `/workorders/${id}/procedure/fields/7/attachment/a.jpg`, 'x')).status).toBe(404);
});
