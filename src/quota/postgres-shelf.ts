import { parseStored } from '../base/json.ts';
import { exchange, freshQuota, type QuotaState } from '../maintainx/index.ts';
import type { Database } from '../postgres/index.ts';
import type { QuotaShelf } from './shelf.ts';

/**
 * One row a principal, changed under its lock by a pure function: however many processes send, they share one window. No
 * customer data: a principal is the hash of a key, or a name that an operator declared.
 */
export const postgresShelf = (database: Database): QuotaShelf => ({
  exchange: (principal, rule, ask, now) =>
    database.inDirectory(async (tx) => {
      await tx.query(
        `insert into quota_windows (principal, state) values ($1, $2) on conflict (principal) do nothing`,
        [principal, JSON.stringify(freshQuota(rule))],
      );
      const [row] = await tx.query<{ state: string }>(
        'select state from quota_windows where principal = $1 for update',
        [principal],
      );
      const before = row === undefined ? freshQuota(rule) : stateFrom(row.state);
      const { state, grant } = exchange(before, rule, ask, now);
      await tx.query('update quota_windows set state = $2 where principal = $1', [principal, JSON.stringify(state)]);
      return grant;
    }),
  look: async (principal) => {
    const [row] = await database.directory.query<{ state: string }>(
      'select state from quota_windows where principal = $1',
      [principal],
    );
    return row === undefined ? undefined : stateFrom(row.state);
  },
});

/** We wrote it ourselves, as it is. */
const stateFrom = (text: string): QuotaState => parseStored(text) as unknown as QuotaState;
