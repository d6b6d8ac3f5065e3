import { isListedKind, type ListedKind } from '../maintainx/index.ts';
import { timedRead } from './engine.ts';
import { commitPage, type Told, type WishRule } from './list-page.ts';
import type { ReadTurn } from './read-turn.ts';
import type { Hydration } from './statements.ts';
import { isAboutOneKind } from './trouble.ts';
import { nextPlace, pollFrom, type PollPlace } from './watermark.ts';

/** Fewer open wishes are not worth another page. */
const WORTH = 8;
/** Rows of a page, as many as MaintainX gives. */
const PAGE_ROWS = 200;
/** Pages more than what was asked for would fill: other records change too, and the same ones again. */
const MORE_PAGES = 3;
/** MaintainX writes a record, and a moment later that a webhook is to tell of it. */
const SLACK_MS = 250;
/** What list rows lack is read when the surge is over: until then it would change again. */
const DETAILS_AFTER_MS = 5 * 60_000;

/**
 * Reads records of one kind of which webhooks told by pages of its list, from the first of the changes on. A row counts when
 * it is as new as the webhook says. Answers the wishes that no row fulfilled where it should be; they are to be read alone.
 */
export async function readSurge(
  turn: ReadTurn,
  wanted: readonly Hydration[],
  pageRows = PAGE_ROWS,
): Promise<readonly Hydration[]> {
  const { ports, signal } = turn;
  const kind = wanted[0]?.key.kind;
  if (kind === undefined || !isListedKind(kind)) return wanted;
  ports.noticed('surge');
  const open = new Map(wanted.map((one) => [one.key.recordId, one]));
  const worth = Math.min(WORTH, wanted.length);
  let pages = Math.ceil(wanted.length / pageRows) + MORE_PAGES;
  let place: PollPlace | null = pollFrom(Math.min(...wanted.map(({ toldAt }) => toldAt ?? Infinity)) - SLACK_MS);
  try {
    for (; place !== null && open.size >= worth && pages > 0 && !signal.aborted; pages--)
      place = await readPage(turn, kind, open, place, pageRows);
  } catch (error) {
    if (signal.aborted) return [];
    if (!isAboutOneKind(error)) throw error;
    ports.log('a list could not be read for a surge of webhooks: its records are read one by one', {
      kind,
      reason: `${error.code}: ${error.message}`,
    });
    return [...open.values()];
  }
  const left = leftAlone(wanted.length, open, place);
  if (left.length > 0) ports.noticed('surge-row-lags');
  return left;
}

/**
 * What was not come to is left to the next walk; what was passed by was changed again, or the list lags. Every walk comes
 * nearer to the end: one that fulfilled too little leaves nothing to another.
 */
function leftAlone(
  wanted: number,
  open: ReadonlyMap<string, Hydration>,
  place: PollPlace | null,
): readonly Hydration[] {
  const left = [...open.values()];
  if (place === null || wanted - left.length < Math.min(WORTH, wanted)) return left;
  return left.filter(({ toldAt }) => (toldAt ?? 0) < place.anchor);
}

/** Takes from `open` what the page fulfils. Answers where to go on; null: it was the last. */
async function readPage(
  turn: ReadTurn,
  kind: ListedKind,
  open: Map<string, Hydration>,
  place: PollPlace,
  pageRows: number,
): Promise<PollPlace | null> {
  const { ports, site, lease, settings } = turn;
  const client = site.client.inLane('hydrate');
  const { anchor, cursor } = place;
  const { result: page, time } = await timedRead(ports, () =>
    client.list(kind, { sort: 'updatedAt', updatedSince: anchor, cursor, limit: pageRows }),
  );
  const explainedBy = new Map([...open.values()].map((one) => [one.key.recordId, one.explainedBy]));
  const fulfilled: Hydration[] = [];
  const { times } = await commitPage(
    ports,
    site,
    lease,
    { kind, page, read: time, settings, readsNested: false, explainedBy },
    detailsLater(turn, fulfilled),
    async (tx, told) => {
      // Anew each time: after a conflict the transaction is run again.
      fulfilled.splice(0, Infinity, ...fulfilledBy(told, open));
      await tx.hydrations.fulfil(fulfilled.map(({ key }) => ({ key, began: time.began })));
    },
  );
  for (const { key } of fulfilled) open.delete(key.recordId);
  return nextPlace(place, { times, nextCursor: page.nextCursor }).go;
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

/** A list shows one organisation, so an id says which record it is. */
function fulfilledBy({ times, outcomes }: Told, open: ReadonlyMap<string, Hydration>): readonly Hydration[] {
  return outcomes.flatMap(({ key, wants }, index) => {
    const wish = open.get(key.recordId);
    if (wish === undefined || wants === 'recheck') return [];
    return (times[index] ?? -Infinity) >= (wish.toldAt ?? Infinity) - SLACK_MS ? [wish] : [];
  });
}
