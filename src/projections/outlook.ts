import { isObject, parseStored } from '../base/json.ts';

/** How completely a tenant's changes become known, as somebody found it at some time. Times are epoch milliseconds. */
export interface Outlook {
  readonly at: number;
  /** Kinds that are copied. */
  readonly kinds: number;
  /** Webhooks that are subscribed, of those that are wanted. */
  readonly hooks: number;
  readonly hooksWanted: number;
  /** The latest that any change of them becomes known, milliseconds; null: some never do. */
  readonly worstMs: number | null;
  /** Creations and deletes of the last day that a webhook should have told, and did. */
  readonly happened: number;
  readonly told: number;
}

/** As a row has it, as text or as an object; null: nobody has looked yet. */
export function outlookIn(stored: unknown): Outlook | null {
  const parsed: unknown = typeof stored === 'string' ? parseStored(stored) : stored;
  if (!isObject(parsed)) return null;
  const count = (name: string): number => Number(parsed[name] ?? 0);
  const worst = parsed['worstMs'];
  return {
    at: count('at'),
    kinds: count('kinds'),
    hooks: count('hooks'),
    hooksWanted: count('hooksWanted'),
    worstMs: typeof worst === 'number' ? worst : null,
    happened: count('happened'),
    told: count('told'),
  };
}
