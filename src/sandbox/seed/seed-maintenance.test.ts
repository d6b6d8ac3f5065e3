import { expect, test } from 'vitest';
import { objectOf, type JsonObject } from '../../base/json.ts';
import { serverOf } from '../http/server.ts';
import { settingsFrom } from '../options.ts';
import { idOf, objectsOf, textOf } from '../plant/row.ts';
import type { Plant } from '../plant/plant.ts';
import { waitingPermits } from '../plant/work-permit.ts';
import { realmOf } from '../realm.ts';
import { fixedClock, send, type Reply } from '../testing.ts';

interface Opened extends AsyncDisposable {
  readonly plant: Plant;
  call(method: string, path: string, body?: JsonObject): Promise<Reply>;
}

/** What only people make in MaintainX comes from the seed alone, so this sandbox is opened with a hand on its plant. */
async function open(): Promise<Opened> {
  const realm = realmOf(settingsFrom({ port: 0, requestsPerMinute: 0, clock: fixedClock() }));
  const server = serverOf(realm);
  const { plant, organization } = realm.organizations.world(realm.organizations.first);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v1`;
  return {
    plant,
    call: (method, path, body) =>
      send(`${origin}${path}`, method, { authorization: `Bearer ${organization.apiKey}` }, body),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

const KEY = 'rootCauseAnalysisReports';

test('root cause analysis reports are listed by every filter', async () => {
  await using opened = await open();
  const list = async (query: string): Promise<readonly JsonObject[]> =>
    objectsOf((await opened.call('GET', `/rootcauseanalysisreports?${query}`)).json[KEY]);
  const active = await list('');
  expect(active.length).toBeGreaterThan(1);
  expect(active.every((report) => report['archivedAt'] === null)).toBe(true);
  expect((await list('archived=true')).every((report) => report['archivedAt'] !== null)).toBe(true);
  const [one] = active;
  const only = (field: string) => active.filter((report) => report[field] === one?.[field]);
  expect(await list(`assets=${Number(one?.['mainAssetId'])}`)).toEqual(only('mainAssetId'));
  expect(await list(`statuses=${textOf(one?.['status'])}`)).toEqual(only('status'));
  expect(await list(`creators=${Number(one?.['creatorId'])}`)).toEqual(only('creatorId'));
  const time = textOf(one?.['createdAt']);
  expect(await list(`createdAfter=${time}&createdBefore=${time}`)).toEqual(only('createdAt'));
});

test('a root cause analysis report comes with its asset, status, problems and work orders when asked', async () => {
  await using opened = await open();
  const [listed] = objectsOf((await opened.call('GET', '/rootcauseanalysisreports')).json[KEY]);
  const path = `/rootcauseanalysisreports/${idOf(listed ?? {})}`;
  const read = async (query = '') =>
    objectOf((await opened.call('GET', `${path}${query}`)).json['rootCauseAnalysisReport']);
  const embedded = ['mainAsset', 'mainAssetStatus', 'problems', 'workOrders'];
  expect(Object.keys(await read()).filter((field) => embedded.includes(field))).toEqual([]);
  const tokens = ['main_asset', 'main_asset_status', 'problems', 'work_orders'];
  const whole = await read(`?${tokens.map((token) => `expand=${token}`).join('&')}`);
  expect(whole).toMatchObject({
    mainAsset: { id: whole['mainAssetId'] },
    mainAssetStatus: { id: whole['mainAssetStatusId'] },
    problems: [{ stepOptions: [{ stepType: 'FAILURE' }, { stepType: 'CAUSE' }, { stepType: 'ACTION' }] }],
  });
  expect(objectsOf(whole['workOrders']).map(idOf)).toEqual(whole['workOrderIds']);
  expect((await opened.call('GET', '/rootcauseanalysisreports/1')).json).toEqual({ error: 'Not Found.' });
});

test('a work permit is signed once, by who has its link', async () => {
  await using opened = await open();
  const [{ id = 0, workOrderId = 0, externalLinkUuid = '' } = {}] = waitingPermits(opened.plant);
  const sign = (body: JsonObject) => opened.call('POST', `/workPermits/${Number(id)}/sign`, body);
  expect((await sign({ externalLinkUuid: 'guessed', signerName: 'Nora Fjeld' })).status).toBe(403);
  const signature = { externalLinkUuid, signerName: 'Nora Fjeld' };
  const signed = await sign(signature);
  expect([signed.status, signed.json]).toEqual([
    201,
    {
      success: true,
      workPermit: { id, status: 'SIGNED' },
      workOrder: { id: workOrderId, blockedByWorkPermitReason: null },
    },
  ]);
  expect((await sign(signature)).status).toBe(400);
  expect(waitingPermits(opened.plant).map((permit) => permit['id'])).not.toContain(id);
});

test('plans, portals and procedures are there from the start', async () => {
  await using opened = await open();
  for (const [path, key] of [
    ['maintenanceplans', 'maintenancePlans'],
    ['workrequestportals', 'workRequestPortals'],
    ['proceduretemplates', 'procedureTemplates'],
  ] as const)
    expect(objectsOf((await opened.call('GET', `/${path}`)).json[key]).length).toBeGreaterThan(1);
});
