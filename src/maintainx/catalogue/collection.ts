import type { Operations } from '../generated/types.ts';
import type { HookEvent } from './events.ts';

/**
 * How a change that no webhook told becomes known: `time` by the list's `updatedAt` filter · `list` by reading the whole
 * list · `read` by reading each parent again · `parent` because a field of the parent moves (`lastMessageSentAt`, the
 * work order's `updatedAt`) · `never`: nothing can be read.
 */
export type Noticed = 'time' | 'list' | 'read' | 'parent' | 'never';

/** A collection of MaintainX: a kind of record, or one nested in another. */
export interface Collection {
  /** The collection that it is nested in. */
  readonly of?: string;
  readonly operations: readonly (keyof Operations)[];
  /**
   * `cursor` and `offset` are documented ("Polling for Changes": `#/tags/3/description`), for locations seen in production
   * (FACTS 2.3). `undocumented`: a cursor of unknown nature. `none`: it has no list.
   */
  readonly paging: 'cursor' | 'offset' | 'undocumented' | 'none';
  readonly noticed: Noticed;
  /** Webhook events about it (`#/x-webhooks/<event>`). What they do not tell is in FACTS 1.3. */
  readonly events: readonly HookEvent[];
}
