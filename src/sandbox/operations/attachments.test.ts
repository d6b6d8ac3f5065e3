import { expect, test } from 'vitest';
import { objectOf, type JsonObject } from '../../base/json.ts';
import { idOf, objectsOf, textOf } from '../plant/row.ts';
import { fixedClock, openSandbox, recordOf, type Client } from '../testing.ts';

async function put(client: Client, path: string, body: string | Uint8Array<ArrayBuffer>): Promise<Response> {
  return fetch(`${client.sandbox.url}${path}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${client.sandbox.apiKey}`, 'content-type': 'application/octet-stream' },
    body,
  });
}

const anAsset = (client: Client): string => `/assets/${Number(client.sandbox.records('asset')[0]?.['id'])}`;
const filesOf = async (client: Client, path: string): Promise<readonly JsonObject[]> =>
  objectsOf(recordOf(await client.get(path), 'asset')['attachments']);

test.each(['asset', 'location', 'part', 'purchase-order', 'vendor', 'work-order', 'work-request'] as const)(
  '%s: a file is put as raw bytes, read back, replaced under its name and deleted',
  async (kind) => {
    await using client = await openSandbox();
    const path = `/${kind.replace('-', '')}s/${Number(client.sandbox.records(kind)[0]?.['id'])}`;
    const read = async (): Promise<JsonObject> => objectOf(Object.values((await client.get(path)).json)[0]);
    for (const text of ['first', 'second']) {
      const reply = await put(client, `${path}/attachments/hand%20over.txt`, text);
      expect(reply.status).toBe(201);
      expect(await reply.json()).toEqual({
        publicUrl: expect.stringContaining(client.sandbox.url.replace('/v1', '/_files/')),
        filename: 'hand over.txt',
        fileKey: expect.stringMatching(/hand over\.txt$/),
      });
    }
    const [file, ...others] = objectsOf((await read())['attachments']).filter(
      ({ fileName }) => fileName === 'hand over.txt',
    );
    expect(others).toEqual([]);
    expect(file).toMatchObject({ mimeType: 'text/plain' });
    expect(await (await fetch(textOf(file?.['url']))).text()).toBe('second');
    expect((await put(client, `${path}/thumbnail/front.png`, 'a picture')).status).toBe(201);
    expect(objectOf((await read())['thumbnail'])['fileName']).toBe('front.png');
    expect((await client.call('DELETE', `${path}/attachments/hand%20over.txt`)).status).toBe(204);
    const again = await client.call('DELETE', `${path}/attachments/hand%20over.txt`);
    expect([again.status, again.json]).toEqual([404, { error: 'Attachment Not Found' }]);
    expect((await fetch(textOf(file?.['url']))).status).toBe(404);
  },
);

test('FACTS 2.4: a pre-signed link needs no key, differs on every read and ends after an hour', async () => {
  const clock = fixedClock();
  await using client = await openSandbox({ clock });
  const path = anAsset(client);
  const bytes = Buffer.from([0, 255, 128, 7]);
  await put(client, `${path}/attachments/raw.bin`, bytes);
  const link = async (): Promise<string> => textOf((await filesOf(client, path)).at(-1)?.['url']);
  const [first, second] = [await link(), await link()];
  expect(first).not.toBe(second);
  expect(new URL(first).searchParams.get('X-Amz-Expires')).toBe('3600');
  expect(Buffer.from(await (await fetch(first)).arrayBuffer())).toEqual(bytes);
  expect((await fetch(first.replace('raw.bin', 'other.bin'))).status).toBe(403);
  expect((await fetch(first.split('?')[0] ?? '')).status).toBe(403);
  clock.move(3_599_000);
  expect((await fetch(first)).status).toBe(200);
  clock.move(1000);
  const late = await fetch(first);
  expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('Request has expired')]);
});

test('FACTS 2.4: over 1 MB is 413, multipart and an empty body are 400 as a bare string, the singular path does not exist', async () => {
  await using client = await openSandbox();
  const path = anAsset(client);
  const large = await put(client, `${path}/attachments/a.bin`, Buffer.alloc(1_000_001));
  expect([large.status, await large.json()]).toEqual([413, { error: 'Attachment size must not exceed 1mB' }]);
  expect((await put(client, `${path}/attachments/a.bin`, Buffer.alloc(1_000_000))).status).toBe(201);
  const form = new FormData();
  form.set('file', new Blob(['bytes']), 'a.txt');
  for (const body of [new Uint8Array(await new Response(form).arrayBuffer()), new Uint8Array()]) {
    const refused = await put(client, `${path}/attachments/a.txt`, body);
    expect([refused.status, await refused.json()]).toEqual([400, expect.any(String)]);
  }
  const singular = await put(client, `${path}/attachment/a.txt`, 'text');
  expect([singular.status, await singular.text()]).toEqual([404, `Cannot PUT /v1${path}/attachment/a.txt`]);
  const nobody = await put(client, '/assets/1/attachments/a.txt', 'text');
  expect([nobody.status, await nobody.json()]).toEqual([404, { error: 'asset Not Found' }]);
});

test('seeded files can be downloaded too', async () => {
  await using client = await openSandbox();
  const assets = client.sandbox.records('asset');
  const photo = objectOf(assets.find(({ thumbnail }) => thumbnail !== undefined)?.['thumbnail']);
  const picture = await fetch(textOf(photo['url']));
  expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  expect(Buffer.from(await picture.arrayBuffer()).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  const document = assets
    .flatMap(({ attachments }) => objectsOf(attachments))
    .find(({ mimeType }) => mimeType === 'application/pdf');
  expect(idOf(document ?? {})).toBeGreaterThan(0);
  expect(await (await fetch(textOf(document?.['url']))).text()).toMatch(/^%PDF-/);
});
