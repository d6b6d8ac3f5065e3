import type { Kind } from '../../src/maintainx/index.ts';

/** What MaintainX, or something on the way, may tell wrongly; the sandbox's own faults know nothing of it. */
export const LIES = {
  'permission lost, 404': 'lists are empty and every single GET answers 404',
  'permission lost, 403': 'lists and single GETs answer 403',
  'row without id': 'a list row has no id that can be used',
  'row of the future': 'a list row was updated far in the future, or at no time at all',
  'shuffled page': 'the rows of a page are in another order than was asked for',
  'late row': 'a change is in lists only some time after it was made, each record after a time of its own',
  'row left out': 'a list lacks rows of records that are there',
  'row twice': 'a list has a row twice',
  'ghost row': 'a list still shows records that are deleted',
  'field left out': 'a list row lacks a field that the record has',
  'row marked deleted': 'a list row says of a living record that it is deleted',
  'stale GET': 'a single GET answers with an earlier version',
  'absent GET': 'a single GET answers 404 for a living record',
  'other record': 'a single GET answers with another record',
  'soft delete': 'a single GET answers 200 with deletedAt for a deleted record',
  'HTML with 200': 'a proxy answers with a page of its own and 200',
  'empty with 200': 'an answer is 200 and empty',
  'proxy 404': 'a proxy knows no such path',
  'cursor refused': 'a cursor is refused with 400',
  'no Date': 'answers lack the Date header',
} as const satisfies Readonly<Record<string, string>>;

export type Lie = keyof typeof LIES;

/** When a lie is told, of which kinds, and of how many that it could be told of. Times are epoch milliseconds. */
export interface LieRule {
  readonly lie: Lie;
  readonly kinds: readonly Kind[];
  readonly from: number;
  readonly until: number;
  readonly share: number;
}
