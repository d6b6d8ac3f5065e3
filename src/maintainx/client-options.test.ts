import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CodedError } from '../base/coded-error.ts';
import { Secret } from '../base/secret.ts';
import { createClient } from './client.ts';
import { failureOf, openSite } from './testing.ts';

/** What createClient throws for options as JavaScript passes them. */
function refusalOf(options: unknown): CodedError {
  const create: (options: never) => unknown = createClient;
  try {
    create(options as never);
  } catch (error) {
    if (error instanceof CodedError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('an option that cannot be is told at once, by its name', () => {
  it.each([
    ['apiKey', undefined],
    ['apiKey', {}],
    ['apiKey', { apiKey: undefined }],
    ['apiKey', { apiKey: '' }],
    ['apiKey', { apiKey: ' \n' }],
    ['apiKey', { apiKey: 7 }],
    ['apiKey', { apiKey: 'two\nlines' }],
    ['apiKey', { apiKey: 'schlüssel' }],
    ['baseUrl', { apiKey: 'k', baseUrl: 'nope' }],
    ['baseUrl', { apiKey: 'k', baseUrl: '' }],
    ['baseUrl', { apiKey: 'k', baseUrl: 'file:///etc' }],
    ['baseUrl', { apiKey: 'k', baseUrl: 'https://u:p@a.example/v1' }],
    ['baseUrl', { apiKey: 'k', baseUrl: 'https://a.example/v1?x=1' }],
    ['organizationId', { apiKey: 'k', organizationId: ' ' }],
    ['timeoutMs', { apiKey: 'k', timeoutMs: Number.NaN }],
    ['timeoutMs', { apiKey: 'k', timeoutMs: Number.POSITIVE_INFINITY }],
    ['timeoutMs', { apiKey: 'k', timeoutMs: 0 }],
    ['readTries', { apiKey: 'k', readTries: 0 }],
  ])('%s: %o', (option, options) => {
    expect(refusalOf(options)).toMatchObject({ code: 'maintainx-options-invalid', details: { option } });
  });

  it('without showing the key', () => {
    const shown = inspect(refusalOf({ apiKey: new Secret('sk-secret\nx: y') }), { depth: 9, showHidden: true });
    expect(shown).not.toContain('sk-secret');
  });
});

describe('what people paste', () => {
  it.each(['/', '//', '/#', '/?'])('a base URL may end with %s', async (end) => {
    await using site = await openSite({ body: { asset: { id: 1 } } });
    await site.client({ baseUrl: `${site.url}/v1${end}` }).get('asset', '1');
    expect(site.only.url.pathname).toBe('/v1/assets/1');
  });

  it.each(['k\n', ' k ', new Secret('k\r\n')])('a key from a file may have white space around it', async (apiKey) => {
    await using site = await openSite({ body: { asset: { id: 1 } } });
    await site.client({ apiKey }).get('asset', '1');
    expect(site.only.headers.authorization).toBe('Bearer k');
  });
});

describe('every failure of a call is a coded error', () => {
  const CALLS: Readonly<Record<string, (client: Record<string, (...args: unknown[]) => Promise<unknown>>) => unknown>> =
    {
      'an operation that is none': (client) => client['call']?.('nope'),
      'an operation that every object has': (client) => client['call']?.('constructor'),
      'an input that is null': (client) => client['call']?.('listWorkOrders', null),
      'an input that is text': (client) => client['call']?.('listWorkOrders', 'x'),
      'a kind that is none': (client) => client['list']?.('assets'),
      'a time that is none': (client) => client['list']?.('asset', { updatedSince: Number.NaN }),
      'a cap that is none': (client) => client['download']?.('https://a.example/x', { maxBytes: Number.NaN }),
      'a deadline that is none': (client) => client['download']?.('https://a.example/x', { timeoutMs: Infinity }),
    };

  it.each(Object.entries(CALLS))('%s', async (_what, call) => {
    await using site = await openSite();
    const client: object = site.client();
    const loose = client as Parameters<typeof call>[0];
    const error = await failureOf(Promise.resolve().then(() => call(loose)));
    expect(error.code).toBe('maintainx-call-invalid');
    expect(site.asked).toEqual([]);
  });
});
