import type { Queries } from './database.ts';

/** Its cluster and timeline, and the database in it: a backup that was restored is at another place. */
const HOME = `
  select s.system_identifier || '/' || c.timeline_id || '/' || d.oid
  from pg_control_system() s, pg_control_checkpoint() c, pg_database d where d.datname = current_database()`;

/**
 * Notes where the database is. Answers whether it was at another place before: then it is a restored backup, or a standby that took
 * over, and does not know what was written to MaintainX last.
 */
export async function noteHome(owner: Queries, now: number): Promise<boolean> {
  const rows = await owner.query<{ moved: boolean }>(
    `with here (h) as (${HOME}), before as (select home from installation)
     update installation i set home = here.h, restored_at = case when before.home is null then restored_at else $1 end
     from here, before where before.home is distinct from here.h
     returning before.home is not null as moved`,
    [new Date(now)],
  );
  return rows[0]?.moved === true;
}

/** Since when the database is known to be a restored backup that nobody has released; null: it is none. Epoch milliseconds. */
export async function restoredAt(directory: Queries): Promise<number | null> {
  const [row] = await directory.query<{ restored_at: number | null }>('select restored_at from installation');
  return row?.restored_at ?? null;
}

/** A person says that it was restored, or, with null, that all is well. */
export async function setRestoredAt(directory: Queries, at: number | null): Promise<void> {
  await directory.query('update installation set restored_at = $1', [at === null ? null : new Date(at)]);
}
