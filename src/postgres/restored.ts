import type { Queries } from './database.ts';

/** Its cluster and timeline, and the database in it: a backup that was restored is mostly at another place. */
const PLACE = `
  select s.system_identifier || '/' || c.timeline_id || '/' || d.oid
  from pg_control_system() s, pg_control_checkpoint() c, pg_database d where d.datname = current_database()`;

/** Whether the row is where it was written: in a dump that was put back in place, all rows are another transaction's. */
const IS_OWN = 'xmin::text::numeric = written_by::text::numeric % 4294967296';

interface Home {
  readonly place: string;
  readonly folder: string | null;
  readonly is_own: boolean;
}

/**
 * Notes where the database is; `folder`: what the embedded server's folder is on its disk. Answers whether it was at another place
 * before: then it is a restored backup, or a standby that took over, and does not know what was written to MaintainX last.
 */
export async function noteHome(owner: Queries, now: number, folder: string | null): Promise<boolean> {
  const [here] = await owner.query<{ place: string }>(`select (${PLACE}) as place`);
  const [before] = await owner.query<Home>(`select place, folder, ${IS_OWN} as is_own from database_home`);
  const place = here?.place ?? '';
  const isMoved = before !== undefined && isElsewhere(before, place, folder);
  // First: cut off between the two, the next start finds the same.
  if (isMoved) await setRestoredAt(owner, now);
  if (before === undefined || isMoved || before.folder !== folder)
    await owner.query(
      `insert into database_home (place, folder, written_by) values ($1, $2, pg_current_xact_id())
       on conflict (only_one) do update
         set place = excluded.place, folder = excluded.folder, written_by = excluded.written_by`,
      [place, folder],
    );
  return isMoved;
}

const isElsewhere = (before: Home, place: string, folder: string | null): boolean =>
  before.place !== place || !before.is_own || (before.folder !== null && folder !== null && before.folder !== folder);

/** Since when the database is known to be a restored backup that nobody has released; null: it is none. Epoch milliseconds. */
export async function restoredAt(directory: Queries): Promise<number | null> {
  const [row] = await directory.query<{ restored_at: number | null }>('select restored_at from installation');
  return row?.restored_at ?? null;
}

/** A person says that it was restored, or, with null, that all is well. */
export async function setRestoredAt(directory: Queries, at: number | null): Promise<void> {
  await directory.query('update installation set restored_at = $1', [at === null ? null : new Date(at)]);
}
