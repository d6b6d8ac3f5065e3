import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { failureOf, openSite, type Reply } from './testing.ts';

const ENDS: Readonly<Record<string, Reply>> = {
  '500': { status: 500, body: 'oops' },
  '504 of a proxy': { status: 504, body: '<h1>Gateway timeout</h1>' },
  '2xx that is no JSON': { status: 201, body: '<html>' },
  '2xx without its id': { status: 201, body: {} },
  '2xx with an id that is null': { status: 201, body: { id: null } },
};

describe('a write whose end is not known invites nobody to repeat it (FACTS 2.4: a repeated POST duplicates)', () => {
  it.each(Object.entries(ENDS))('%s', async (_what, reply) => {
    await using site = await openSite(reply);
    const client = site.client();
    const body = { title: 'Oil under press 7' };
    for (const write of [() => client.call('createWorkOrder', { body }), () => client.create('work-order', body)]) {
      const error = await failureOf(write());
      expect(error).toMatchObject({ retryable: false, details: { mayBeDone: true } });
      expect(error.message).toContain('it may have been done all the same');
    }
    expect(site.asked).toHaveLength(2);
  });

  it('but a read may be repeated, and is: three times, whatever was wrong with its answer', async () => {
    for (const reply of [{ status: 500 }, { body: '<html>' }, { body: {} }]) {
      await using site = await openSite(reply);
      const error = await failureOf(site.client().get('asset', '1'));
      expect(error).toMatchObject({ retryable: true, details: expect.not.objectContaining({ mayBeDone: true }) });
      expect(site.asked).toHaveLength(3);
    }
  });

  it('and a write that was refused, or never left, was not done', async () => {
    await using site = await openSite({ status: 400, body: { error: 'Title is required' } });
    const refused = await failureOf(site.client().create('category', { label: 'x' }));
    expect(refused.details['mayBeDone']).toBeUndefined();
    const nowhere = site.client({ baseUrl: 'http://127.0.0.1:1/v1' });
    expect(await failureOf(nowhere.create('category', { label: 'x' }))).toMatchObject({
      code: 'maintainx-unavailable',
      retryable: true,
      details: {},
    });
  });
});

describe('the key stands in no error, even when a proxy shows the request', () => {
  const apiKey = 'eyJ.a-key+that(nobody)may/see';

  it.each([
    ['of a redirect', 302, `Authorization: Bearer ${apiKey}`],
    ['with the key escaped', 400, `{"error":"Bearer \\u0065yJ.a-key+that(nobody)may\\/see"}`],
    ['with the key as a value', 400, JSON.stringify({ errors: [{ error: 'x', fieldPath: 'y', fieldValue: apiKey }] })],
    ['with tags and lines in the key', 502, `<p>eyJ.a-key+<b>that</b>\n(nobody)may/<i>see`],
  ])('in an answer %s', async (_what, status, body) => {
    await using site = await openSite({ status, body });
    const error = await failureOf(site.client({ apiKey, readTries: 1 }).get('asset', '1'));
    const shown = inspect(error, { depth: 9, showHidden: true });
    expect(shown).not.toContain(apiKey);
    expect(shown).not.toMatch(/eyJ|nobody/);
    expect(shown).toContain('[redacted]');
  });

  it('in an answer that is no HTTP', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (request) => socket.end(`nonsense ${request.toString()}`));
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await using site = await openSite();
    const client = site.client({ baseUrl: `http://127.0.0.1:${port}/v1`, apiKey, readTries: 1 });
    const error = await failureOf(client.get('asset', '1'));
    server.close();
    expect(error.code).toBe('maintainx-unavailable');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('nobody');
  });
});

describe('what others than MaintainX say is told too', () => {
  it.each([
    ['{"message":"Forbidden"}', 'Forbidden'],
    ['{"errors":["plain"]}', 'plain'],
    ['{"errors":"text"}', 'text'],
    ['{"error":{"message":"nested"}}', '{"error":{"message":"nested"}}'],
  ])('%s', async (body, said) => {
    await using site = await openSite({ status: 400, body });
    const error = await failureOf(site.client().get('asset', '1'));
    expect(error).toMatchObject({ message: `GET /assets/{id} answered 400: ${said}`, details: { messages: [said] } });
  });
});
