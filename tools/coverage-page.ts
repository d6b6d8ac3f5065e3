import { changesTable, mapTable, totalsInWords } from '../src/cli/coverage-words.ts';
import { SHARES, tradeTable } from '../src/cli/coverage-plan.ts';
import { readConfig } from '../src/config.ts';
import { coverageOf, DEFAULT_SETTINGS, tradesOf, WANTED_EVENTS, type CoverageInput } from '../src/inbound/index.ts';
import { KINDS, type Kind } from '../src/maintainx/index.ts';
import { page } from './page.ts';

/** A plant of a middling size. */
const RECORDS: Readonly<Partial<Record<Kind, number>>> = {
  location: 400,
  asset: 2_500,
  'work-order': 40_000,
  'work-request': 900,
  part: 3_000,
  'purchase-order': 1_200,
  vendor: 350,
  meter: 800,
  user: 150,
  team: 12,
  category: 25,
  'asset-criticality': 4,
  'asset-custom-status': 6,
  manufacturer: 60,
  model: 140,
  'meter-trigger': 120,
  'part-transfer-request': 30,
  'maintenance-plan': 45,
  'procedure-template': 110,
  'root-cause-analysis-report': 20,
  'work-request-portal': 8,
  'custom-field': 25,
  'vendor-contact': 300,
  'team-member': 12,
};

/** How changes become known, shown by the engine's own map of a plant with the default settings. */
export function coveragePage(): string {
  const input: CoverageInput = {
    settings: DEFAULT_SETTINGS,
    times: readConfig({}),
    records: new Map(KINDS.map((kind) => [kind, RECORDS[kind] ?? 0])),
    hooks: WANTED_EVENTS,
    requestsPerMinute: readConfig({}).requestsPerMinute,
  };
  const map = coverageOf(input);
  return page(
    'How changes become known',
    'MaintainX tells of some changes by webhook, shows some in lists that can be asked for what is new, and some only to ' +
      'who reads a record again. The coverage map says for every kind which of these there is, how long a change can go ' +
      'unnoticed at worst, and how many requests an hour that costs. `millwright coverage` makes it for a tenant, from his ' +
      'records, settings and webhooks.',
    [
      WAYS,
      `## A plant of ${RECORDS['work-order']} work orders\n\nWith the default settings and all webhooks, \`millwright coverage\` says:\n\n${fenced(
        mapTable(map),
        ...totalsInWords(map),
      )}`,
      `## Each sort of change\n\n\`millwright coverage --changes\`, for the same plant:\n\n${fenced(changesTable(map))}`,
      `${PLANNING}\n\n${fenced(tradeTable(tradesOf(input, SHARES)))}\n\n${GROUPS_EXPLAINED}`,
    ].join('\n\n'),
  );
}

const fenced = (...lines: readonly string[]): string => `\`\`\`\n${lines.join('\n')}\n\`\`\``;

const WAYS = `## The ways

- **webhook**: MaintainX tells at once, if the webhook is subscribed. The record is read next; at worst when the next rate window
  begins. "some webhooks": they tell some changes, an asset's new status say, but not all.
- **poll**: the list is asked for what changed since the last time (\`MILLWRIGHT_POLL_INTERVAL_MS\`).
- **sweep**: the whole list is read, and what we hold and it lacks is looked up (\`MILLWRIGHT_SWEEP_INTERVAL_MS\`). Worst: the
  interval, and twice the time that a sweep takes, since a change may come right behind a page that was read.
- **re-read**: each record is read again alone, a few a minute (\`MILLWRIGHT_REREAD_INTERVAL_MS\`), where a list row neither tells all
  fields nor when they changed. Worst: one and a half intervals, after a first copy that read everything at once.
- **parent**: what hangs on a record (contacts, members, comments, costs) is read when a field of that record moves, or with it.
- **never**: nothing tells. That is so for changes that leave \`updatedAt\` as it was in fields that no list shows.

The figures hold once the first copy is made, while requests are answered. What MaintainX itself holds back is not in them: a new
record can be missing in lists for two hours (docs/maintainx.md, traps). A webhook that is lost is made up for by the next way.

Sweeps and re-reads together with polls take at most \`MILLWRIGHT_UPKEEP_SHARE\` percent of the quota: on a large plant they come more
seldom by themselves. Intervals that a tenant has set stay as they are.`;

const PLANNING = `## Trading staleness for quota

\`millwright coverage --plan\` shows what shares of the quota buy; \`--share 20\` plans for one of them, \`--staleness 2h\` says which share it
takes that nothing is older, and \`--apply\` sets the intervals for the tenant. A plan makes the worst staleness as small as the share
allows, where a stale list row weighs as much as a field that only a single read shows and that is 24 times as old. More of the quota
never makes anything more stale. For the plant above:`;

const GROUPS_EXPLAINED = `The columns behind the intervals are the worst staleness without webhooks: of what polls bring, of what sweeps bring (silent changes of
polled kinds too), of fields that only a single read shows, and of deletes.`;
