import { describe, expect, it } from 'vitest';
import { HOOK_EVENTS, KINDS, kindEntry } from '../maintainx/index.ts';
import { hookEventsIn, nestedNotices, noticesOf, reachOf, type Change, type Delays, type Notice } from './notice.ts';

const DELAYS: Delays = { waitMs: 10, pollMs: 100, sweepMs: 1_000, rereadMs: null };
const ALL_HOOKS = hookEventsIn(Object.keys(HOOK_EVENTS));

const notices = (kind: string, change: Partial<Delays> = {}, details = true): readonly Notice[] => {
  const known = KINDS.find((one) => one === kind);
  if (known === undefined) throw new Error(`no such kind: ${kind}`);
  return noticesOf(reachOf(kindEntry(known)), { ...DELAYS, ...change }, ALL_HOOKS, details);
};

const notice = (all: readonly Notice[], change: Change): Notice | undefined => all.find((one) => one.change === change);

describe('a kind that is polled and has webhooks for everything', () => {
  const workOrder = notices('work-order');

  it('is known by webhook first, by poll without one', () => {
    for (const change of ['created', 'listed'] as const)
      expect(notice(workOrder, change)).toMatchObject({
        ways: ['webhook', 'poll', 'sweep'],
        withWebhooksMs: 10,
        withoutWebhooksMs: 110,
      });
  });

  it('shows what only a single read tells one request later', () => {
    expect(notice(workOrder, 'detail')).toMatchObject({ withWebhooksMs: 10, withoutWebhooksMs: 120 });
  });

  it('hides changes that leave updatedAt as it was until the next sweep, and for ever where a list does not show them', () => {
    expect(notice(workOrder, 'silent')).toMatchObject({ ways: ['sweep'], withWebhooksMs: 1_010 });
    expect(notice(workOrder, 'silent detail')).toMatchObject({ ways: [], withWebhooksMs: null });
    const reread = notice(notices('work-order', { rereadMs: 50_000 }), 'silent detail');
    expect(reread).toMatchObject({ ways: ['reread'], withoutWebhooksMs: 50_010 });
  });

  it('is known to be gone by webhook, or by the next sweep and a single read', () => {
    expect(notice(workOrder, 'deleted')).toMatchObject({
      ways: ['webhook', 'sweep'],
      withWebhooksMs: 10,
      withoutWebhooksMs: 1_020,
    });
  });
});

describe('a kind of which webhooks tell some edits only', () => {
  it('is no fresher with them, and names them', () => {
    expect(notice(notices('asset'), 'listed')).toMatchObject({
      ways: ['poll', 'sweep'],
      partly: ['ASSET_STATUS_CHANGE'],
      withWebhooksMs: 110,
      withoutWebhooksMs: 110,
    });
  });
});

describe('a kind whose list tells neither all fields nor when they changed', () => {
  it('shows its other fields by being read again alone', () => {
    expect(notice(notices('vendor', { rereadMs: 50_000 }), 'detail')).toMatchObject({
      ways: ['reread'],
      withoutWebhooksMs: 50_010,
    });
  });

  it('never shows them when the settings leave them out', () => {
    expect(notice(notices('vendor', {}, false), 'detail')).toMatchObject({ ways: [], withoutWebhooksMs: null });
  });

  it('knows no silent changes: none of its rows tells a time', () => {
    expect(notice(notices('vendor'), 'silent')).toBeUndefined();
  });
});

it('without webhooks no kind has fresher news than with them, and every kind has news of new records', () => {
  for (const kind of KINDS)
    for (const { withWebhooksMs, withoutWebhooksMs } of notices(kind))
      expect(withWebhooksMs ?? Infinity).toBeLessThanOrEqual(withoutWebhooksMs ?? Infinity);
});

describe('a nested kind', () => {
  const entry = kindEntry('work-order-comment');
  const parent = notices('work-order');
  const of = (rereadMs: number | null, hooks = ALL_HOOKS): readonly Notice[] =>
    nestedNotices(entry, { waitMs: 10, rereadMs, parent }, hooks);

  it('follows the field of its parent that moves, which leaves updatedAt as it was: the sweep shows it', () => {
    expect(notice(of(null, []), 'created')).toMatchObject({ ways: ['parent'], withoutWebhooksMs: 1_020 });
    expect(notice(of(null, []), 'deleted')).toMatchObject({ ways: ['parent'], withoutWebhooksMs: 1_020 });
  });

  it('is told by its webhook sooner', () => {
    expect(notice(of(null), 'created')).toMatchObject({ ways: ['parent', 'webhook'], withWebhooksMs: 20 });
  });

  it('is read with its parent where edits move nothing', () => {
    const contacts = nestedNotices(
      kindEntry('vendor-contact'),
      { waitMs: 10, rereadMs: 50_000, parent: notices('vendor', { rereadMs: 50_000 }) },
      ALL_HOOKS,
    );
    expect(notice(contacts, 'listed')).toMatchObject({ ways: ['reread'], withoutWebhooksMs: 50_020 });
    expect(notice(contacts, 'created')).toMatchObject({ ways: ['parent', 'reread'], withoutWebhooksMs: 50_020 });
  });

  it('is never known to change when nothing moves and nothing is read again', () => {
    const members = nestedNotices(kindEntry('conversation-member'), { waitMs: 10, rereadMs: null, parent: [] }, []);
    expect(members.map(({ ways }) => ways)).toEqual([[], [], []]);
  });
});
