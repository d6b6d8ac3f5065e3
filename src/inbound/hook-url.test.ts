import { expect, it } from 'vitest';
import { hookKeyHashIn, shownBody, withoutHookKeys } from './hook-url.ts';
import { hookKeyHash } from './subscriptions.ts';

const KEY = '-vIdudOHVRVB5je0PuXi7NDYhnK9-zc8iljmx_5xl34';
const URL_OF_OURS = `https://gateway.example/hooks/${KEY}`;

it('a fact has the hash of a hook key, by which its subscription is found, and not the key', () => {
  const body = { webhookId: 7, url: URL_OF_OURS, deep: { url: URL_OF_OURS }, title: 'the /hooks/ of a crane' };
  const kept = withoutHookKeys(body);
  expect(JSON.stringify(kept)).not.toContain(KEY);
  expect(kept).toMatchObject({ webhookId: 7, title: 'the /hooks/ of a crane' });
  expect(hookKeyHashIn(typeof kept['url'] === 'string' ? kept['url'] : '')?.equals(hookKeyHash(KEY))).toBe(true);
  expect(hookKeyHashIn(URL_OF_OURS)).toBeUndefined();
});

it('a webhook is shown as it was signed, but for a hook key in it', () => {
  const plain = Buffer.from('{"title":"Schlüssel 🔧","bytes":"\\u0000"}');
  expect(shownBody(plain).equals(plain)).toBe(true);
  const telling = Buffer.from(JSON.stringify({ url: URL_OF_OURS, title: 'Schlüssel 🔧' }));
  const shown = shownBody(telling);
  expect(shown).toHaveLength(telling.length);
  expect(JSON.parse(shown.toString())).toEqual({
    url: `https://gateway.example/hooks/${'*'.repeat(KEY.length)}`,
    title: 'Schlüssel 🔧',
  });
});
