import { describe, expect, it } from 'vitest';
import { systemClock } from '../base/clock.ts';
import { Secret } from '../base/secret.ts';
import { createClient } from './client.ts';

/** A client whose requests are all answered with `body`. */
const clientAnswered = (body: unknown) =>
  createClient({
    baseUrl: 'http://maintainx/v1',
    apiKey: new Secret('key'),
    http: () => Promise.resolve({ status: 200, headers: {}, body: JSON.stringify(body) }),
    clock: systemClock,
    random: () => 0,
    readTries: 1,
  });

describe('a single record', () => {
  it('is refused when it is another than the one that was asked for', async () => {
    const asked = clientAnswered({ asset: { id: 6 } }).get('asset', '5');
    await expect(asked).rejects.toMatchObject({ code: 'maintainx-unreadable' });
  });

  it('is taken whether its id is a number or a text', async () => {
    expect(await clientAnswered({ asset: { id: 5 } }).get('asset', '5')).toEqual({ id: 5 });
    expect(await clientAnswered({ asset: { id: '5' } }).get('asset', '5')).toEqual({ id: '5' });
  });
});
