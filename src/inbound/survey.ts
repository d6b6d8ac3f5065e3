import { isCoded } from '../base/coded-error.ts';
import { kindEntry, type ListedKind, type ListOptions } from '../maintainx/index.ts';
import { listPage, sortOf, type Listing } from './list-kind.ts';
import { transactUnder } from './port.ts';
import type { KindProgress } from './run.ts';
import { horizonOf } from './settings.ts';

/** Pages that a survey reads of a list whose end it cannot look up. */
const MOST_PAGES = 25;
/** How close to the end a search comes, as a share. */
const CLOSE = 0.005;

/**
 * Finds out how many records of a kind there are. The first page is stored like any other; behind it, the end of a list is
 * looked for where its cursor is an offset, and numbered records tell by their number. Other lists are read, up to a
 * bound, and what was read is done.
 */
export async function surveyKind(listing: Listing, from: KindProgress): Promise<KindProgress> {
  const first = from.pages > 0 ? from : await listPage(listing, from);
  const found = first.state === 'done' ? undefined : await lookUp(listing, first);
  if (found === undefined) return readSome(listing, first);
  return noted(listing, { ...first, requests: first.requests + found.requests, expected: found.records });
}

/** Reads on to the end, or to the bound: then there are more, and nobody knows how many. */
async function readSome(listing: Listing, from: KindProgress): Promise<KindProgress> {
  let part = from;
  while (part.state !== 'done' && part.pages < MOST_PAGES) part = await listPage(listing, part);
  const isWhole = part.state === 'done';
  return noted(listing, { ...part, expected: isWhole ? part.rows : 2 * part.rows, atLeast: !isWhole });
}

async function noted({ ports, lease, run }: Listing, part: KindProgress): Promise<KindProgress> {
  await transactUnder(ports.store, lease, (tx) => tx.runs.save(run.runId, part));
  return part;
}

interface Found {
  readonly records: number;
  readonly requests: number;
}

/** The number of records, without reading them; undefined: it cannot be looked up. */
async function lookUp(listing: Listing, part: KindProgress): Promise<Found | undefined> {
  if (kindEntry(part.kind).list.fields.includes('sequentialId')) return byNumber(listing, part.kind);
  return part.cursor !== null && /^\d+$/.test(part.cursor) ? byOffset(listing, part.kind, part.rows) : undefined;
}

/** Records are numbered from one in the organisation: the newest one's number is how many there ever were. */
async function byNumber(listing: Listing, kind: ListedKind): Promise<Found | undefined> {
  const since = horizonOf(listing.settings, kind);
  const newest = await numberOf(listing, kind, {});
  if (newest === undefined) return undefined;
  if (since === null) return { records: newest, requests: 1 };
  const before = await numberOf(listing, kind, { createdUntil: since });
  return { records: Math.max(0, newest - (before ?? 0)), requests: 2 };
}

async function numberOf({ site }: Listing, kind: ListedKind, more: ListOptions): Promise<number | undefined> {
  const client = site.client.inLane('sweep');
  const { rows } = await client.list(kind, { limit: 1, sort: '-createdAt', expand: [], ...more });
  const [newest] = rows;
  const number: unknown = newest?.['sequentialId'];
  if (newest === undefined) return 0;
  return typeof number === 'number' ? number : undefined;
}

/** The end of a list whose cursor is a number of rows to skip: doubled until behind it, then halved. */
async function byOffset(listing: Listing, kind: ListedKind, known: number): Promise<Found> {
  let [least, most, requests] = [known, Number.POSITIVE_INFINITY, 0];
  while (most - least > Math.max(1, least * CLOSE)) {
    const at = Number.isFinite(most) ? Math.floor((least + most) / 2) : least * 2;
    requests++;
    if (await hasRowAt(listing, kind, at)) least = at;
    else most = at;
  }
  return { records: most, requests };
}

async function hasRowAt({ site, settings, run }: Listing, kind: ListedKind, offset: number): Promise<boolean> {
  const createdSince = horizonOf(settings, kind) ?? undefined;
  const sort = sortOf(kind, run);
  try {
    const { rows } = await site.client
      .inLane('sweep')
      .list(kind, { limit: 1, cursor: String(offset), sort, createdSince, expand: [] });
    return rows.length > 0;
  } catch (error) {
    // Behind the end some servers refuse the cursor.
    if (isCoded(error, 'maintainx-rejected')) return false;
    throw error;
  }
}
