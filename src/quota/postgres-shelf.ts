import { parseStored } from '../base/json.ts';
import { exchange, freshQuota, type QuotaState } from '../maintainx/index.ts';
import type { Database, Queries } from '../postgres/index.ts';
import { underName, type QuotaShelf } from './shelf.ts';

/**
 * One row a principal, changed under its lock by a pure function: however many processes send, they share one window. No
 * customer data: a principal is the hash of a key, or a name that an operator declared.
 */
export function postgresShelf(database: Database): QuotaShelf {
  let tidiedAt = 0;
  return {
    exchange: (principal, rule, ask, now) =>
      database.inDirectory(async (tx) => {
        if (now - tidiedAt > TIDY_EVERY_MS) {
          tidiedAt = now;
          await tx.query(`delete from quota_windows where asked_at < $1 and strpos(principal, ': ') > 0`, [
            new Date(now - IDLE_MS),
          ]);
        }
        // One statement that always ends with the row under its lock, also when it was removed a moment before.
        const [row] = await tx.query<{ state: string }>(
          `insert into quota_windows (principal, state, asked_at) values ($1, $2, $3)
           on conflict (principal) do update set asked_at = excluded.asked_at
           returning state`,
          [principal, JSON.stringify(freshQuota(rule)), new Date(now)],
        );
        const before = row === undefined ? freshQuota(rule) : stateFrom(row.state);
        const { state, grant } = exchange(before, rule, ask, now);
        await tx.query('update quota_windows set state = $2 where principal = $1', [principal, JSON.stringify(state)]);
        return grant;
      }),
    under: async (owner) => {
      const start = underName(owner, '');
      const rows = await database.directory.query<{ principal: string; state: string }>(
        'select principal, state from quota_windows where starts_with(principal, $1) order by principal',
        [start],
      );
      return new Map(rows.map(({ principal, state }) => [principal.slice(start.length), stateFrom(state)]));
    },
    look: async (principal) => {
      const [row] = await database.directory.query<{ state: string }>(
        'select state from quota_windows where principal = $1',
        [principal],
      );
      return row === undefined ? undefined : stateFrom(row.state);
    },
  };
}

/** How the windows of many principals stand; those that are missing have sent nothing yet. */
export async function windowsOf(
  directory: Queries,
  principals: readonly string[],
): Promise<ReadonlyMap<string, QuotaState>> {
  const rows = await directory.query<{ principal: string; state: string }>(
    'select principal, state from quota_windows where principal = any($1::text[])',
    [[...new Set(principals)]],
  );
  return new Map(rows.map(({ principal, state }) => [principal, stateFrom(state)]));
}

/** Nothing that a window remembers is older than a day: one that nobody asked for so long is as good as none. */
const IDLE_MS = 2 * 24 * 3_600_000;
/** Each meter that is written has a window under its user's: they must not pile up. */
const TIDY_EVERY_MS = 3_600_000;

/** We wrote it ourselves, as it is. */
const stateFrom = (text: string): QuotaState => parseStored(text) as unknown as QuotaState;
