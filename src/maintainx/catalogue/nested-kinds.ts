import type { JsonObject } from '../../base/json.ts';
import type { NestedEntry, NestedKind, Nesting } from './kind.ts';
import { listShapeOf, type Operation } from './resources.ts';

interface Addition {
  readonly list: Operation;
  readonly nesting: Nesting;
  readonly optional?: true;
  /** One request tells all rows. */
  readonly unpaged?: true;
}

/**
 * Readings, sub work orders and procedures are no nested kinds: MaintainX lists no readings; a sub work order is a work
 * order whose `parentId` tells where it hangs; a procedure is part of its work order.
 */
const ADDITIONS: Readonly<Record<NestedKind, Addition>> = {
  'work-order-comment': {
    list: 'listWorkOrderComments',
    // `updatedAt` of the work order stays as it was (FACTS 2.3); comments are neither edited nor deleted.
    nesting: { parent: 'work-order', moves: ['lastMessageSentAt'], withParent: false },
    optional: true,
  },
  'work-order-cost': {
    list: 'listWorkOrderCosts',
    nesting: {
      parent: 'work-order',
      moves: ['times', 'timeItems', 'expenditures', 'parts'],
      withParent: false,
    },
    optional: true,
    unpaged: true,
  },
  'vendor-contact': {
    list: 'listVendorContacts',
    nesting: { parent: 'vendor', moves: ['contactIds'], withParent: true },
  },
  'team-member': {
    list: 'listTeamMembers',
    nesting: { parent: 'team', moves: ['membersCount'], withParent: true },
  },
  'conversation-member': {
    list: 'listConversationMembers',
    nesting: { parent: 'conversation', moves: [], withParent: false },
    optional: true,
  },
};

export const NESTED_KINDS = [
  'work-order-comment',
  'work-order-cost',
  'vendor-contact',
  'team-member',
  'conversation-member',
] as const satisfies readonly NestedKind[];

/** All rows of a parent are one record of ours, under the parent's id. */
const ROWS = ['rows'];

export function nestedEntryOf(kind: NestedKind): NestedEntry {
  const { list, nesting, optional, unpaged } = ADDITIONS[kind];
  const { path, listKey } = listShapeOf(list);
  return {
    kind,
    path,
    operations: { list },
    listKey: unpaged === true ? 'costs' : listKey,
    paging: unpaged === true ? 'none' : 'cursor',
    changesByTime: false,
    sorts: [],
    filters: [],
    list: { fields: [], expand: [] },
    get: { fields: ROWS, expand: [] },
    // Files of comments are behind links.
    fields: { rows: 'link-set' },
    optional: optional === true,
    nesting,
    title: titleOf,
  };
}

const titleOf = ({ rows }: JsonObject): string => (Array.isArray(rows) ? `${rows.length} rows` : '');
