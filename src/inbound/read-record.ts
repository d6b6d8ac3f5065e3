import { isCoded } from '../base/coded-error.ts';
import type { JsonObject } from '../base/json.ts';
import { isSingleKind, kindEntry, type ListedKind, type NestedEntry } from '../maintainx/index.ts';
import { isRecordId, type RecordKey } from '../records/index.ts';
import type { EnginePorts, Site } from './engine.ts';

/** What one read of one record told. */
export interface Reading {
  /** null: MaintainX says in its own words that there is no such record. */
  readonly raw: JsonObject | null;
  /** The list that was walked for it shows others of its kind: so it is gone, and no permission is. */
  readonly showsOthers: boolean;
}

type Client = Site['client'];

/** Reads single records, each in the way in which its kind can be read. */
export interface Reader {
  read(client: Client, site: Site, key: RecordKey): Promise<Reading>;
}

/** One for each process. Records without a single GET that are wanted together share one walk through their list. */
export function createReader(ports: Pick<EnginePorts, 'store' | 'noticed'>): Reader {
  const walks = new Map<string, Promise<ReadonlyMap<string, JsonObject>>>();

  /** The walk that begins next; whoever comes before it has begun takes part in it. */
  function nextWalk(
    client: Client,
    { connectionId }: Site,
    kind: ListedKind,
  ): Promise<ReadonlyMap<string, JsonObject>> {
    const known = walks.get(`${connectionId}/${kind}`);
    if (known !== undefined) return known;
    const walk = Promise.resolve().then(() => {
      walks.delete(`${connectionId}/${kind}`);
      return allOf(client, kind);
    });
    walks.set(`${connectionId}/${kind}`, walk);
    return walk;
  }

  return {
    read: async (client, site, key) => {
      const entry = kindEntry(key.kind);
      if (entry.nesting !== undefined) return rowsUnder(ports, client, site, entry, key);
      const { kind } = entry;
      if (isSingleKind(kind))
        return { raw: await foundOrNull(() => client.get(kind, key.recordId)), showsOthers: false };
      const rows = await nextWalk(client, site, kind);
      const raw = rows.get(key.recordId) ?? null;
      return { raw, showsOthers: rows.size > 0 };
    },
  };
}

async function allOf(client: Client, kind: ListedKind): Promise<ReadonlyMap<string, JsonObject>> {
  const rows = new Map<string, JsonObject>();
  for await (const page of client.pages(kind))
    for (const row of page.rows) if (isRecordId(row.id)) rows.set(String(row.id), row);
  return rows;
}

/** All rows of one parent as one record. What hangs on a record that is gone is gone with it. */
async function rowsUnder(
  { store, noticed }: Pick<EnginePorts, 'store' | 'noticed'>,
  client: Client,
  site: Site,
  { kind, nesting }: NestedEntry,
  key: RecordKey,
): Promise<Reading> {
  const parent = { ...key, kind: nesting.parent };
  const { hasParent, hasRows } = await store.transact(site.tenantId, async (tx) => ({
    hasParent: await tx.records.isLiving(parent),
    hasRows: await tx.records.isLiving(key),
  }));
  if (!hasParent) return { raw: null, showsOthers: true };
  const read = (): Promise<readonly JsonObject[] | null> => foundOrNull(() => client.rowsOf(kind, key.recordId));
  let rows = await read();
  if (rows?.length === 0 && (hasRows || nesting.moves.length > 0)) {
    // Lists are empty by mistake at times (FACTS 2.3).
    noticed('list-empty');
    rows = await read();
  }
  const raw = rows === null ? null : { id: key.recordId, rows };
  return { raw, showsOthers: false };
}

async function foundOrNull<Found>(read: () => Promise<Found>): Promise<Found | null> {
  try {
    return await read();
  } catch (error) {
    if (isCoded(error, 'maintainx-not-found')) return null;
    throw error;
  }
}
