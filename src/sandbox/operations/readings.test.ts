import { expect, test } from 'vitest';
import { objectOf, type Json, type JsonObject } from '../../base/json.ts';
import { idOf } from '../plant/row.ts';
import { fixedClock, openSandbox, recordOf, rowsOf, type Client } from '../testing.ts';

const DAY = 86_400_000;

async function newMeter(client: Client, measurementType: string): Promise<number> {
  const meter = await client.call('POST', '/meters', { name: 'Hours', unit: 'h', measurementType });
  return Number(meter.json['id']);
}

const read = async (client: Client, id: number): Promise<JsonObject> =>
  recordOf(await client.get(`/meters/${id}?expand=last_reading`), 'meter');
const send = (client: Client, readings: readonly Json[]): ReturnType<Client['call']> =>
  client.call('POST', '/meterreadings', readings);
const single = (client: Client, id: number): ReturnType<Client['call']> =>
  client.call('POST', `/meters/${id}/readings`, { readingValue: 5 });

test('readings are answered as they are kept, show as the last one, and move no date of their meter', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock });
  const [manual, sensor] = [await newMeter(client, 'MANUAL'), await newMeter(client, 'AUTOMATED_SENSOR')];
  const { updatedAt } = await read(client, sensor);
  clock.move(1000);
  const readingDate = new Date(clock.now() - DAY).toISOString();
  const reply = await send(client, [
    { meterId: manual, value: 3 },
    { meterId: sensor, value: 1.5, readingDate },
  ]);
  expect([reply.status, reply.text]).toEqual([
    201,
    JSON.stringify([
      {
        meterId: manual,
        value: 3,
        createdAt: new Date(clock.now()).toISOString(),
        readingDate: new Date(clock.now()).toISOString(),
      },
      { meterId: sensor, value: 1.5, createdAt: new Date(clock.now()).toISOString(), readingDate },
    ]),
  ]);
  const after = await read(client, sensor);
  expect(after['updatedAt']).toBe(updatedAt);
  expect(after['lastReading']).toMatchObject({ id: expect.stringMatching(`^${sensor}-[0-9a-f-]{36}$`), value: 1.5 });
  expect(objectOf((await read(client, manual))['lastReading'])['id']).toMatch(/^\d+$/);
});

test('a backdated reading takes its place: the newest stays the last one', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock });
  const id = await newMeter(client, 'MANUAL');
  await send(client, [{ meterId: id, value: 10 }]);
  await send(client, [{ meterId: id, value: 4, readingDate: new Date(clock.now() - DAY).toISOString() }]);
  expect(objectOf((await read(client, id))['lastReading'])['value']).toBe(10);
});

test('FACTS 2.4: readings may be backdated by three days, except those that people took', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock });
  const [manual, sensor] = [await newMeter(client, 'MANUAL'), await newMeter(client, 'IOT_DEVICE')];
  const at = (days: number): string => new Date(clock.now() - days * DAY).toISOString();
  expect((await send(client, [{ meterId: sensor, value: 1, readingDate: at(3) }])).status).toBe(201);
  const refused = await send(client, [
    { meterId: sensor, value: 1, readingDate: at(2) },
    { meterId: sensor, value: 1, readingDate: at(3.1) },
  ]);
  expect([refused.status, rowsOf(refused, 'errors')[0]?.['fieldPath']]).toEqual([400, '1.readingDate']);
  expect((await send(client, [{ meterId: manual, value: 1, readingDate: at(9) }])).status).toBe(201);
});

test('an unknown meter is 404 in a batch and 400 at its own path, as the specification declares', async () => {
  await using client = await openSandbox();
  expect(await send(client, [{ meterId: 1, value: 1 }])).toMatchObject({
    status: 404,
    json: { error: 'meter Not Found' },
  });
  expect((await single(client, 1)).status).toBe(400);
});

test('FACTS 2.2: a sensor takes one reading in ten seconds at its own path, each sensor by itself', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock, meterLimits: true });
  const [one, other] = [await newMeter(client, 'AUTOMATED_SENSOR'), await newMeter(client, 'AUTOMATED_SENSOR')];
  expect((await single(client, one)).status).toBe(201);
  clock.move(4000);
  const refused = await single(client, one);
  expect(refused).toMatchObject({ status: 429, json: { error: 'Too many requests. Please retry in 6 seconds' } });
  expect((await single(client, other)).status).toBe(201);
  clock.move(6000);
  expect((await single(client, one)).status).toBe(201);
});

test('FACTS 2.2: a manual meter takes ten requests in 24 hours over both paths; a batch counts as one', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock, meterLimits: true });
  const id = await newMeter(client, 'MANUAL');
  const readings = [1, 2, 3].map((value) => ({ meterId: id, value }));
  for (let count = 0; count < 5; count++) {
    expect((await send(client, readings)).status).toBe(201);
    expect((await single(client, id)).status).toBe(201);
    clock.move(3_600_000);
  }
  for (const refused of [await send(client, readings), await single(client, id)])
    expect([refused.status, refused.json['error']]).toEqual([
      429,
      expect.stringContaining('Manual meter readings are limited to 10 every 24h 00m 00s.'),
    ]);
  clock.move(19 * 3_600_000);
  expect((await send(client, readings)).status).toBe(201);
});

test('FACTS 2.2: a user sends a hundred batches a minute', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock, meterLimits: true });
  for (let count = 0; count < 100; count++) await send(client, []);
  expect((await send(client, [])).status).toBe(429);
  clock.move(60_000);
  expect((await send(client, [])).status).toBe(201);
});

test('without rate limits readings have none, and there is no list of them', async () => {
  await using client = await openSandbox();
  const id = await newMeter(client, 'AUTOMATED_SENSOR');
  for (let count = 0; count < 3; count++) expect((await single(client, id)).status).toBe(201);
  expect((await client.get(`/meters/${id}/readings`)).status).toBe(404);
  expect(idOf(await read(client, id))).toBe(id);
});
