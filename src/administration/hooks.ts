import { retireSubscriptions } from '../inbound/index.ts';
import type { Change } from './office.ts';

/** Has every webhook subscription replaced; the old ones deliver until the new ones do. Answers how many. */
export const rotateHooks: Change<{ retiring: number }> = async ({ whole, inbound, now }) => {
  const retiring = await retireSubscriptions(whole);
  inbound.leases.wake('guard', now);
  return { target: 'webhook subscriptions', before: null, after: { retiring }, answer: { retiring } };
};
