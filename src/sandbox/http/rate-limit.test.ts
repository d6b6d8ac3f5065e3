import { expect, test } from 'vitest';
import { fixedClock, openSandbox, send } from '../testing.ts';
import { RateLimit } from './rate-limit.ts';

test('a sliding window gives each place back a window after its request', () => {
  const clock = fixedClock();
  const limit = new RateLimit(clock, 2, { kind: 'sliding', windowMs: 10_000, phaseMs: undefined });
  limit.count('u');
  clock.move(4_000);
  limit.count('u');
  expect([limit.hasRoom('u'), limit.window('u')]).toEqual([false, { limit: 2, used: 2, resetSeconds: 6 }]);
  clock.move(5_999);
  expect([limit.hasRoom('u'), limit.window('u').resetSeconds]).toEqual([false, 1]);
  clock.move(1);
  expect([limit.hasRoom('u'), limit.window('u').used, limit.hasRoom('other')]).toEqual([true, 1, true]);
});

test('a fixed window gives all places back at once', () => {
  const clock = fixedClock();
  const limit = new RateLimit(clock, 2, { kind: 'fixed', windowMs: 10_000, phaseMs: undefined });
  for (let nth = 0; nth < 2; nth++) limit.count('u');
  clock.move(9_999);
  expect(limit.hasRoom('u')).toBe(false);
  clock.move(1);
  expect(limit.window('u').used).toBe(0);
});

test('the request log tells every request as it was answered, and who asked', async () => {
  await using client = await openSandbox({ requestsPerMinute: 1, requestLog: 3 });
  const { sandbox } = client;
  for (const agent of ['a', 'b', 'c', 'd'])
    await send(`${sandbox.url}/users?limit=1`, 'GET', {
      authorization: `Bearer ${sandbox.apiKey}`,
      'user-agent': agent,
    });
  expect(sandbox.requests().map(({ status, userAgent, path }) => [status, userAgent, path])).toEqual([
    [429, 'b', '/v1/users?limit=1'],
    [429, 'c', '/v1/users?limit=1'],
    [429, 'd', '/v1/users?limit=1'],
  ]);
  const middle = sandbox.requests()[1]?.seq;
  expect(sandbox.requests(middle).map(({ userAgent }) => userAgent)).toEqual(['d']);
});
