import { inspect } from 'node:util';
import { describe, expect, it, test } from 'vitest';
import type { Json } from '../base/json.ts';
import type { MaintainxClient } from './client.ts';
import { goodAnswer, resolved, SPECIFICATION } from './catalogue/index.ts';
import { isOperationName, pathNames, type LooseInput, type OperationName } from './operations.ts';
import type { OperationShape, Shape } from './specification/index.ts';
import { failureOf, NOW, openSite } from './testing.ts';

/** The smallest value that fits a shape. */
function sampleOf(written: Shape): Json {
  const shape = resolved(written);
  const [member] = shape.oneOf ?? shape.anyOf ?? [];
  if (member !== undefined) return sampleOf(member);
  if (shape.enum !== undefined) return shape.enum[0] ?? null;
  if (shape.type === 'array') return Array.from({ length: shape.minItems ?? 0 }, () => sampleOf(shape.items ?? {}));
  if (shape.type === 'string') return shape.format === 'date-time' ? new Date(NOW).toISOString() : 'a@b.example';
  if (shape.type === 'boolean') return true;
  return shape.type === 'integer' || shape.type === 'number' ? (shape.minimum ?? 1) : objectOf(shape);
}

const objectOf = ({ properties = {}, required = [] }: Shape): Json =>
  Object.fromEntries(required.map((key) => [key, sampleOf(properties[key] ?? {})]));

function inputFor(operation: OperationShape): LooseInput {
  const path = Object.fromEntries(
    pathNames(operation).map((name) => [name, name === 'filename' ? 'a b.pdf' : name === 'entity' ? 'assets' : 7]),
  );
  const { body } = operation;
  if (body === undefined) return { path };
  return { path, body: 'bytes' in body ? Buffer.from([0xff, 0, 1]) : sampleOf(body.json) };
}

function answerFor(operation: OperationShape): { readonly status: number; readonly body: unknown } {
  const { status, shape } = goodAnswer(operation);
  if (shape.type === 'array') return { status, body: [] };
  const all = Object.entries(shape.properties ?? {}).map(([key, inner]) => [key, sampleOf(inner)]);
  return { status, body: { ...Object.fromEntries(all), added: 'later' } };
}

/** A call as JavaScript makes it: the types do not know which operation it is. */
function loosely(client: MaintainxClient, name: OperationName, input: LooseInput): Promise<unknown> {
  const caller: { call(name: OperationName, input: unknown): Promise<unknown> } = client;
  return caller.call(name, input);
}

const OPERATIONS: readonly (readonly [OperationName, OperationShape])[] = Object.entries(
  SPECIFICATION.operations,
).flatMap(([name, operation]) => (isOperationName(name) ? [[name, operation] as const] : []));

test('each of the 169 operations is called at its place, and its answer is what MaintainX answered', async () => {
  expect(OPERATIONS).toHaveLength(169);
  for (const [name, operation] of OPERATIONS) {
    const reply = answerFor(operation);
    await using site = await openSite(reply);
    const answer = await loosely(site.client(), name, inputFor(operation));
    const path = operation.path
      .replace('{filename}', 'a%20b.pdf')
      .replace('{entity}', 'assets')
      .replaceAll(/\{\w+\}/g, '7');
    expect([name, site.only.method, site.only.url.pathname]).toEqual([name, operation.method, `/v1${path}`]);
    expect(answer).toEqual(reply.status === 204 ? undefined : reply.body);
  }
});

test('a path has the parameters that the document declares, but for three that it forgets', () => {
  const forgotten = OPERATIONS.filter(([, operation]) => {
    const declared = operation.parameters.filter((one) => one.in === 'path').map((one) => one.name);
    return pathNames(operation).toSorted().join() !== declared.toSorted().join();
  });
  expect(forgotten.map(([name]) => name).toSorted()).toEqual([
    'listConversationMembers',
    'listWorkOrderComments',
    'listWorkOrderSubWorkOrders',
  ]);
});

describe('a path parameter', () => {
  it.each(['', ' ', '.', '..', '../users', 'a/b', 'a\\b', '1?x=y', 'a\0b', '\ud800', 'abc', 1.5, -1, Number.NaN])(
    'that is no id is refused: %j',
    async (id) => {
      await using site = await openSite();
      const error = await failureOf(site.client().call('getAsset', { path: { id } }));
      expect(error).toMatchObject({
        code: 'maintainx-call-invalid',
        details: { problems: [{ fieldPath: 'path.id' }] },
      });
      expect(site.asked).toEqual([]);
    },
  );

  it('may be digits that no double holds', async () => {
    await using site = await openSite({ body: { asset: {} } });
    await site.client().call('getAsset', { path: { id: '9007199254740993' } });
    expect(site.only.url.pathname).toBe('/v1/assets/9007199254740993');
  });
});

describe('a file', () => {
  const uploaded = { publicUrl: 'https://files.example/x', filename: 'Ölstand 7%.png', fileKey: 'k' };
  const path = { id: 1, filename: 'Ölstand 7%.png' };

  it('goes raw to the plural path, under a name that is one segment (FACTS 2.4)', async () => {
    await using site = await openSite({ status: 201, body: uploaded });
    const body = Buffer.from([0, 0xff, 0xc3, 0x28]);
    expect(await site.client().call('putWorkOrderAttachment', { path, body })).toEqual(uploaded);
    expect(site.only.url.pathname).toBe('/v1/workorders/1/attachments/%C3%96lstand%207%25.png');
    expect(site.only.headers['content-type']).toBe('application/octet-stream');
    expect(site.only.body).toEqual(body);
  });

  it('may name its content type, of those that MaintainX takes', async () => {
    await using site = await openSite({ status: 201, body: uploaded });
    const body = Buffer.from('x');
    await site.client().call('putPartThumbnail', { path, body, contentType: 'image/png' });
    expect(site.only.headers['content-type']).toBe('image/png');
    const wrong = site.client().call('putPartThumbnail', { path, body, contentType: 'text/plain' });
    expect((await failureOf(wrong)).code).toBe('maintainx-call-invalid');
  });

  it.each(['../secret', 'a/b', '..', ''])('is not put under the name %j', async (filename) => {
    await using site = await openSite();
    const call = site.client().call('putAssetAttachment', { path: { id: 1, filename }, body: Buffer.from('x') });
    expect((await failureOf(call)).code).toBe('maintainx-call-invalid');
  });

  it('that is too large is told in the words of MaintainX: a bare JSON string, or an envelope', async () => {
    const words = 'Attachment size must not exceed 1mB';
    for (const body of [JSON.stringify(words), { error: words }, words]) {
      await using site = await openSite({ status: 413, body });
      const call = site.client().call('putAssetAttachment', { path, body: Buffer.from('x') });
      expect(await failureOf(call)).toMatchObject({
        code: 'maintainx-rejected',
        message: `PUT /assets/{id}/attachments/{filename} answered 413: ${words}`,
        details: { status: 413, messages: [words] },
      });
    }
  });
});

describe('custom fields', () => {
  it('are filters under their label; a reserved label gets __c', async () => {
    await using site = await openSite({ body: { assets: [] } });
    await site.client().call('listAssets', {
      query: { limit: 5 },
      customFields: { Industry: ['Construction', 'Transport'], limit: 'ten', sort: 'a', 'updatedAt[gte]': 'b' },
    });
    expect([...site.only.url.searchParams]).toEqual([
      ['limit', '5'],
      ['Industry', 'Construction'],
      ['Industry', 'Transport'],
      ['limit__c', 'ten'],
      ['sort__c', 'a'],
      ['updatedAt[gte]__c', 'b'],
    ]);
  });

  it('are refused where there is no such filter: not on work orders', async () => {
    await using site = await openSite();
    const input: object = { customFields: { Industry: 'x' } };
    expect((await failureOf(site.client().call('listWorkOrders', input))).code).toBe('maintainx-call-invalid');
  });
});

describe('a body', () => {
  it('that does not fit is refused with every place', async () => {
    await using site = await openSite();
    const body: object = { priority: 'URGENT', assignees: [{ id: 1 }], colour: 'red' };
    const error = await failureOf(site.client().call('createWorkOrder', { body: { title: '', ...body } }));
    expect(error).toMatchObject({
      code: 'maintainx-call-invalid',
      details: {
        problems: expect.arrayContaining([
          expect.objectContaining({ fieldPath: 'priority', fieldValue: 'URGENT' }),
          expect.objectContaining({ fieldPath: 'assignees.0.type' }),
          expect.objectContaining({ fieldPath: 'colour' }),
        ]),
      },
    });
  });

  it('may be large, but not deeper than 64 levels, nor a circle', async () => {
    await using site = await openSite({ body: { id: 1 } });
    const client = site.client();
    await client.call('createWorkOrder', { body: { title: 'x', description: 'y'.repeat(3_000_000) } });
    expect(site.only.body.length).toBeGreaterThan(3_000_000);
    let deep: { readonly [key: string]: Json } = {};
    for (let depth = 0; depth < 50_000; depth++) deep = { deep };
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    for (const externalData of [deep, circle]) {
      const body: object = { externalData };
      const call = client.call('createWorkOrder', { body: { title: 'x', ...body } });
      expect((await failureOf(call)).code).toBe('maintainx-call-invalid');
    }
  });
});

describe('an answer', () => {
  it.each([
    ['a list without its rows', 'listAssets', { workOrders: [] }],
    ['a list that is an array', 'listAssets', []],
    ['a record under another name', 'getAsset', { location: {} }],
  ] as const)('is unreadable when it is %s', async (_what, name, body) => {
    await using site = await openSite({ body });
    const call = loosely(site.client({ readTries: 1 }), name, name === 'getAsset' ? { path: { id: 1 } } : {});
    expect((await failureOf(call)).code).toBe('maintainx-unreadable');
  });

  it('of a write is unreadable without the id that it promises, and the write is not repeated', async () => {
    await using site = await openSite({ status: 201, body: {} });
    const call = site.client().call('createAsset', { body: { name: 'Press' } });
    expect((await failureOf(call)).code).toBe('maintainx-unreadable');
    expect(site.asked).toHaveLength(1);
  });
});

describe('an error', () => {
  it.each([
    [401, '{"error":"Invalid token"}', 'maintainx-unauthorized', 'Invalid token'],
    [401, 'Invalid authentication token', 'maintainx-unauthorized', 'Invalid authentication token'],
    [400, '"File is empty"', 'maintainx-rejected', 'File is empty'],
    [404, 'Cannot PUT /v1/asset/1', 'maintainx-unreadable', 'Cannot PUT /v1/asset/1'],
    [502, '<html>\n<h1>Bad gateway</h1></html>', 'maintainx-unavailable', 'Bad gateway'],
  ])('of status %i and body %s is %s (FACTS 2.1, 2.4)', async (status, body, code, message) => {
    await using site = await openSite({ status, body });
    const error = await failureOf(site.client({ readTries: 1 }).call('listOrganizations'));
    expect(error).toMatchObject({ code, details: { status, messages: [message], fields: [] } });
  });

  it('tells the fields that MaintainX names, with their values', async () => {
    const field = { error: 'must be <= 200', fieldPath: 'limit', fieldValue: 250 };
    await using site = await openSite({ status: 400, body: { errors: [field] } });
    const error = await failureOf(site.client().call('listOrganizations'));
    expect(error.details).toMatchObject({ status: 400, messages: ['must be <= 200'], fields: [field] });
  });

  it('never shows the key, even when a proxy shows the request', async () => {
    const apiKey = 'eyJ.a-key-that-nobody-may-see';
    await using site = await openSite({ status: 400, body: `<pre>Authorization: Bearer ${apiKey}</pre>` });
    const error = await failureOf(site.client({ apiKey }).call('listOrganizations'));
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(apiKey);
    expect(error.message).toContain('[redacted]');
  });
});

test('a write is repeated after 429 only', async () => {
  await using site = await openSite({ status: 429, body: { error: 'Too many requests' } }, { status: 503 });
  const error = await failureOf(site.client().call('createTeam', { body: { name: 'Night' } }));
  expect([error.code, site.asked.length]).toEqual(['maintainx-unavailable', 2]);
});

test('the limits of the last answer can be read, in every lane (FACTS 2.2)', async () => {
  const headers = { 'x-rate-limit-limit': '100', 'x-rate-limit-remaining': '73', 'x-rate-limit-reset': '12' };
  await using site = await openSite({ headers, body: { organizations: [] } }, { body: { organizations: [] } });
  const client = site.client();
  expect(client.limits()).toBeUndefined();
  await client.inLane('poll').call('listOrganizations');
  await client.call('listOrganizations');
  expect(client.limits()).toEqual({ limit: 100, remaining: 73, resetAt: NOW + 12_000 });
});

describe('pages of any list', () => {
  it('follow the cursor, 200 rows at a time, in nested lists too', async () => {
    const page = (ids: readonly number[], nextCursor: string | null) => ({
      body: { comments: ids.map((id) => ({ id })), nextCursor },
    });
    await using site = await openSite(page([1, 2], 'b'), page([3], null));
    const ids: number[] = [];
    for await (const one of site.client().pagesOf('listWorkOrderComments', { path: { id: 7 } }))
      ids.push(...one.rows.map((row) => row.id));
    expect(ids).toEqual([1, 2, 3]);
    expect(site.asked.map((one) => `${one.url.pathname}${one.url.search}`)).toEqual([
      '/v1/workorders/7/comments?limit=200',
      '/v1/workorders/7/comments?limit=200&cursor=b',
    ]);
  });

  it('end with an error when MaintainX repeats a cursor', async () => {
    await using site = await openSite({ body: { teams: [], nextCursor: 'a' } });
    const walk = async (): Promise<void> => {
      for await (const _ of site.client().pagesOf('listTeams')) void _;
    };
    expect((await failureOf(walk())).code).toBe('maintainx-unreadable');
    expect(site.asked).toHaveLength(2);
  });
});

describe('a download', () => {
  const png = Buffer.from([0x89, 0x50, 0, 0xff]);

  it('brings the bytes, without showing the key to the file server (FACTS 2.4)', async () => {
    await using site = await openSite({ headers: { 'content-type': 'image/png' }, body: png });
    const file = await site.client({ organizationId: '1' }).download(`${site.url}/a.png?X-Amz-Signature=s`);
    expect(file.contentType).toBe('image/png');
    expect(Buffer.from(file.bytes)).toEqual(png);
    expect(site.only.headers.authorization).toBeUndefined();
    expect(site.only.headers['x-organization-id']).toBeUndefined();
  });

  it('is cut off at its cap', async () => {
    await using site = await openSite({ body: Buffer.alloc(1001) });
    const error = await failureOf(site.client().download(`${site.url}/a`, { maxBytes: 1000 }));
    expect(error.code).toBe('maintainx-too-large');
  });

  it('of a link that expired says so, once, without the signature', async () => {
    await using site = await openSite({ status: 403, body: '<Error>Request has expired</Error>' });
    const error = await failureOf(site.client().download(`${site.url}/a?X-Amz-Signature=hush`));
    expect([error.code, site.asked.length]).toEqual(['maintainx-link-refused', 1]);
    expect(inspect(error)).not.toContain('hush');
  });

  it('is tried again when the server is down', async () => {
    await using site = await openSite({ status: 503 }, { body: png });
    expect((await site.client().download(`${site.url}/a`)).bytes).toHaveLength(4);
  });

  it.each(['file:///etc/passwd', 'data:text/plain,x', 'ftp://a.example/x', 'https://u:p@a.example/x', 'a.png', ''])(
    'is for http and https only: %s',
    async (link) => {
      await using site = await openSite();
      expect((await failureOf(site.client().download(link))).code).toBe('maintainx-link-refused');
    },
  );
});
