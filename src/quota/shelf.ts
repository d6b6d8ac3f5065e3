import { exchange, freshQuota, type Ask, type Grant, type QuotaRule, type QuotaState } from '../maintainx/index.ts';

/** Where the windows of principals lie, for all processes that send in their names. */
export interface QuotaShelf {
  /** Reports and asks in one step, see `exchange`. Rejects when the shelf is out of reach. */
  exchange(principal: string, rule: QuotaRule, ask: Ask, now: number): Promise<Grant>;
  /** Windows of an owner besides his own, by what they are about; see `LongWindow.key`. */
  under(owner: string): Promise<ReadonlyMap<string, QuotaState>>;
  /** How the window stands; undefined: nobody has sent yet. */
  look(principal: string): Promise<QuotaState | undefined>;
}

/** A shelf in this process, for simulations and single tools. */
export function memoryShelf(): QuotaShelf {
  const states = new Map<string, QuotaState>();
  return {
    exchange: (principal, rule, ask, now) => {
      const { state, grant } = exchange(states.get(principal) ?? freshQuota(rule), rule, ask, now);
      states.set(principal, state);
      return Promise.resolve(grant);
    },
    under: (owner) => {
      const start = underName(owner, '');
      const found = [...states].filter(([principal]) => principal.startsWith(start));
      return Promise.resolve(new Map(found.map(([principal, state]) => [principal.slice(start.length), state])));
    },
    look: (principal) => Promise.resolve(states.get(principal)),
  };
}

/** The principal of one of an owner's other windows. */
export const underName = (owner: string, key: string): string => `${owner}: ${key}`;
