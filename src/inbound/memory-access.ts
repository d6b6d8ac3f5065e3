import type { Undo } from '../base/undo.ts';
import type { AccessStatements, Refusal } from './statements.ts';

interface AccessRow {
  readonly changedAt: number | null;
  readonly refusal: Refusal | null;
}

/** What is known of one tenant's access, by `<organisation>/<scope>`. */
export type MemoryAccess = Map<string, AccessRow>;

export function memoryAccess(table: MemoryAccess, undo: Undo): AccessStatements {
  const row = (organizationId: string, scope: string): AccessRow =>
    table.get(`${organizationId}/${scope}`) ?? { changedAt: null, refusal: null };
  const change = (organizationId: string, scope: string, changed: Partial<AccessRow>): void =>
    undo.set(table, `${organizationId}/${scope}`, { ...row(organizationId, scope), ...changed });
  return {
    // What is kept in memory has one connection, for good.
    isEnded: () => Promise.resolve(false),
    refusal: (organizationId) => {
      const refusals = [...table]
        .filter(([key]) => organizationId === null || key === `${organizationId}/*`)
        .map(([, { refusal }]) => refusal)
        .filter((refusal) => refusal !== null);
      return Promise.resolve(refusals.sort((left, right) => left.since - right.since)[0] ?? null);
    },
    refuse: (organizationId, reason, now, retryAt) => {
      const known = row(organizationId, '*').refusal;
      const refusal: Refusal = {
        since: known?.since ?? now,
        retryAt: Math.max(retryAt, known?.retryAt ?? retryAt),
        attempts: (known?.attempts ?? 0) + 1,
        reason,
      };
      change(organizationId, '*', { refusal });
      return Promise.resolve(known === null ? 'first' : 'again');
    },
    claimTry: (organizationId, now, until) => {
      const known = row(organizationId, '*').refusal;
      if (known === null || known.retryAt > now) return Promise.resolve(false);
      change(organizationId, '*', { refusal: { ...known, retryAt: until } });
      return Promise.resolve(true);
    },
    accept: (organizationId) => {
      change(organizationId, '*', { refusal: null });
      return Promise.resolve();
    },
    noteChange: (organizationId, scope, changedAt) => {
      change(organizationId, scope, { changedAt });
      return Promise.resolve();
    },
    changedAt: (organizationId, kind) => {
      const times = [row(organizationId, '*').changedAt, row(organizationId, kind).changedAt];
      const known = times.filter((time) => time !== null);
      return Promise.resolve(known.length === 0 ? null : Math.max(...known));
    },
  };
}
