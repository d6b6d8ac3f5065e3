import { expect, it } from 'vitest';
import type { HttpResponse } from '../../src/maintainx/index.ts';
import { createQuota, memoryShelf } from '../../src/quota/index.ts';
import { VirtualClock } from '../virtual-clock.ts';

const MINUTE = 60_000;
const OK: HttpResponse = { status: 200, headers: {}, body: '' };

it('a tenant with a share of its own stops when the user’s window is as full as that, and the others go on', async () => {
  const clock = new VirtualClock();
  const perUser = { limit: 20, windowMs: MINUTE, share: 1 };
  const quota = createQuota({
    perUser,
    perOrganization: { ...perUser, limit: Infinity },
    holder: 'p',
    shelf: memoryShelf(),
    clock,
    signal: new AbortController().signal,
  });
  const tenants = { modest: { share: 0.25, organization: 'one' }, other: { organization: 'two' } };
  const sent: string[] = [];
  const flood = (name: keyof typeof tenants): void => {
    const gate = quota.gateOf({ user: 'u', ...tenants[name] });
    for (let nth = 0; nth < 30; nth++)
      void gate('poll', () => {
        sent.push(name);
        return Promise.resolve(OK);
      });
  };
  const count = (name: string): number => sent.filter((one) => one === name).length;

  flood('modest');
  await clock.pass(MINUTE / 2);
  expect(count('modest')).toBe(5);
  flood('other');
  await clock.pass(MINUTE / 4);
  expect([count('modest'), count('other')]).toEqual([5, 15]);
});
