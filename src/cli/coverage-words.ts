import { durationInWords, rateInWords, shareInWords } from '../base/amounts.ts';
import type { Change, Coverage, KindCoverage, Notice } from '../inbound/index.ts';
import { table } from './output.ts';

/** Sorts of change in a person's words. */
const CHANGES_IN_WORDS: Readonly<Record<Change, string>> = {
  created: 'new',
  listed: 'changed',
  detail: 'changed, shown by a single read alone',
  silent: 'changed, updatedAt as before',
  'silent detail': 'changed, updatedAt as before, shown by a single read alone',
  deleted: 'deleted',
};

/** Changes that leave `updatedAt` as it was are few: they are told in a line of their own. */
const isUsual = ({ change }: Notice): boolean => change !== 'silent' && change !== 'silent detail';

/** One row a kind. */
export const mapTable = ({ kinds }: Coverage): string =>
  table(
    ['kind', 'records', 'noticed by', 'at worst after', 'without webhooks', 'requests an hour', 'never noticed'],
    kinds.map((one) => {
      const usual = one.notices.filter(isUsual);
      return [
        one.kind,
        one.records,
        waysInWords(usual),
        worstInWords(usual.map(({ withWebhooksMs }) => withWebhooksMs)),
        worstInWords(usual.map(({ withoutWebhooksMs }) => withoutWebhooksMs)),
        rateInWords(one.cost.total),
        neverInWords(usual),
      ];
    }),
  );

/** One row a kind and sort of change. */
export const changesTable = ({ kinds }: Coverage): string =>
  table(
    ['kind', 'change', 'noticed by', 'at worst after', 'without webhooks', 'webhooks that tell some'],
    kinds.flatMap(({ kind, notices }) =>
      notices.map((notice) => [
        kind,
        CHANGES_IN_WORDS[notice.change],
        notice.ways.length === 0 ? 'nothing' : notice.ways.map(wayInWords).join(', '),
        worstInWords([notice.withWebhooksMs]),
        worstInWords([notice.withoutWebhooksMs]),
        notice.partly.join(', '),
      ]),
    ),
  );

function waysInWords(notices: readonly Notice[]): string {
  const hooked = notices.filter(({ ways }) => ways.includes('webhook')).length;
  const isPartly = hooked > 0 || notices.some(({ partly }) => partly.length > 0);
  const webhooks = hooked === notices.length ? ['webhook'] : isPartly ? ['some webhooks'] : [];
  const others = new Set(notices.flatMap(({ ways }) => ways.filter((way) => way !== 'webhook')));
  return [...webhooks, ...[...others].map(wayInWords)].join(', ');
}

const wayInWords = (way: Notice['ways'][number]): string => (way === 'reread' ? 're-read' : way);

function worstInWords(all: readonly (number | null)[]): string {
  const known = all.filter((ms) => ms !== null);
  return known.length === 0 ? 'never' : durationInWords(Math.max(...known));
}

const neverInWords = (notices: readonly Notice[]): string =>
  notices
    .filter(({ withWebhooksMs }) => withWebhooksMs === null)
    .map(({ change }) => CHANGES_IN_WORDS[change])
    .join('; ');

/** What it costs in all, and how often it is looked. */
export function totalsInWords({ total, idle, idleShare, intervals, walkMs, kinds }: Coverage): readonly string[] {
  const rereads = new Set(intervals.rereadMs.values());
  const again = [...rereads].map(durationInWords).join(', ');
  return [
    `${rateInWords(idle)} requests an hour while nothing changes${ofQuota(idleShare)}: ` +
      `${rateInWords(total.poll)} polls, ${rateInWords(total.sweep)} pages of sweeps, ${rateInWords(total.reread)} re-reads, ` +
      `${rateInWords(total.subscriptions)} looks at webhook subscriptions`,
    ...(total.reads > 0 ? [`${rateInWords(total.reads)} more for what changed lately`] : []),
    `polled every ${durationInWords(intervals.pollMs)}, swept ${durationInWords(intervals.sweepMs)} after the last sweep, which takes about ${durationInWords(walkMs)}`,
    ...(again === '' ? [] : [`read again alone, where lists do not tell: ${again} after the last time`]),
    ...silentInWords(kinds),
  ];
}

const ofQuota = (share: number | null): string => (share === null ? '' : ` (${shareInWords(share)} of the quota)`);

function silentInWords(kinds: readonly KindCoverage[]): readonly string[] {
  const silent = kinds.flatMap(({ notices }) => notices.filter(({ change }) => change === 'silent'));
  if (silent.length === 0) return [];
  const worst = worstInWords(silent.map(({ withWebhooksMs }) => withWebhooksMs));
  return [
    `changes that leave updatedAt as it was, such as time and cost entries: at worst after ${worst}, and some never; --changes shows which`,
  ];
}
