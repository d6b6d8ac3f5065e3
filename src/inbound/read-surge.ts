import { isListedKind, type ListedKind } from '../maintainx/index.ts';
import { keyText } from '../records/index.ts';
import { timedRead } from './engine.ts';
import { commitPage, type Told, type WishRule } from './list-page.ts';
import type { ReadTurn } from './read-turn.ts';
import type { Hydration } from './statements.ts';
import { isAboutOneKind } from './trouble.ts';

/** Wishes that a page has to fulfil; one that fulfils fewer is not worth another. */
const WORTH = 8;
/** MaintainX writes a record, and a moment later that a webhook is to tell of it. */
const SLACK_MS = 250;
/** What list rows lack is read when the surge is over: until then it would change again. */
const DETAILS_AFTER_MS = 5 * 60_000;

/**
 * Reads records of one kind of which webhooks told by pages of its list, changed last first. A row counts when it is as new
 * as the webhook says. Answers the wishes that the pages left open.
 */
export async function readSurge(turn: ReadTurn, wanted: readonly Hydration[]): Promise<readonly Hydration[]> {
  const { ports, signal } = turn;
  const open = new Map(wanted.map((one) => [one.key.recordId, one]));
  const since = Math.min(...wanted.map(({ toldAt }) => toldAt ?? Infinity)) - SLACK_MS;
  const kind = wanted[0]?.key.kind;
  if (kind === undefined || !isListedKind(kind)) return wanted;
  ports.noticed('surge');
  try {
    let cursor: string | null = null;
    do cursor = await readPage(turn, kind, open, { since, cursor });
    while (cursor !== null && open.size > 0 && !signal.aborted);
  } catch (error) {
    if (signal.aborted) return [];
    if (!isAboutOneKind(error)) throw error;
    ports.log('a list could not be read for a surge of webhooks: its records are read one by one', {
      kind,
      reason: `${error.code}: ${error.message}`,
    });
  }
  if (open.size > 0) ports.noticed('surge-row-lags');
  return [...open.values()];
}

/** Takes from `open` what the page fulfils. Answers the cursor of the next page; null: it is not worth one. */
async function readPage(
  turn: ReadTurn,
  kind: ListedKind,
  open: Map<string, Hydration>,
  { since, cursor }: { readonly since: number; readonly cursor: string | null },
): Promise<string | null> {
  const { ports, site, lease, settings } = turn;
  const client = site.client.inLane('hydrate');
  const { result: page, time } = await timedRead(ports, () =>
    client.list(kind, { sort: '-updatedAt', updatedSince: since, cursor: cursor ?? undefined }),
  );
  const explainedBy = new Map([...open.values()].map((one) => [one.key.recordId, one.explainedBy]));
  const fulfilled: Hydration[] = [];
  await commitPage(
    ports,
    site,
    lease,
    { kind, page, read: time, settings, readsNested: false, explainedBy },
    detailsLater(turn, fulfilled),
    async (tx, told) => {
      fulfilled.splice(0, Infinity, ...fulfilledBy(told, open));
      await tx.hydrations.fulfil(fulfilled.map(({ key }) => ({ key, began: time.began })));
    },
  );
  for (const { key } of fulfilled) open.delete(key.recordId);
  return fulfilled.length < WORTH ? null : page.nextCursor;
}

/**
 * What contradicts what we hold is read at once. What a row lacks is read later, and so is, whatever its row tells, each
 * record that a webhook named: not every webhook tells of something that moves `updatedAt`.
 */
function detailsLater({ ports, settings }: ReadTurn, fulfilled: readonly Hydration[]): WishRule {
  const later = { reason: 'change', notBefore: ports.clock.now() + DETAILS_AFTER_MS } as const;
  const completes = settings.details === 'all';
  return ({ key, wants }) => {
    if (wants === 'recheck') return wants;
    const isNamed = fulfilled.some((one) => one.key.recordId === key.recordId);
    return isNamed || (wants === 'detail' && completes) ? later : null;
  };
}

function fulfilledBy({ times, outcomes }: Told, open: ReadonlyMap<string, Hydration>): readonly Hydration[] {
  return outcomes.flatMap(({ key, wants }, index) => {
    const wish = open.get(key.recordId);
    const isNew = (times[index] ?? -Infinity) >= (wish?.toldAt ?? Infinity) - SLACK_MS;
    return wish !== undefined && wants !== 'recheck' && isNew && keyText(wish.key) === keyText(key) ? [wish] : [];
  });
}
