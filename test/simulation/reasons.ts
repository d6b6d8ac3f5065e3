import type { Why } from '../../src/records/judge.ts';

/** What the judge says of a read, each reason with what happened. */
export const REASONS: Readonly<Record<Why, string>> = {
  'first-sight': 'a record was seen for the first time',
  'newer-accepted': 'a read told a later change',
  'tie-later-read-won': 'two reads told one time and not the same: the later one won',
  'untimed-later-read-won': 'a read that tells no time was the later one and won',
  'clearing-confirmed': 'a single read told that a field is empty now',
  'older-confirmed': 'single reads insisted on an older state: what was held was never true',
  unchanged: 'a read told nothing new',
  'deleted-before-first-sight': 'a record was gone before it was ever seen',
  'tombstone-confirmed': 'a record that is held as deleted is gone indeed',
  'absence-confirmed': 'a single read found no record any more',
  'marked-deleted': 'a single read told that the record is deleted',
  'tombstone-lifted': 'a single read found a record that was held as deleted',
  'stale-read-refused': 'a read told an older state than what is held',
  'tie-overtaken-read': 'of two reads under way at once with one time nobody knows which is later',
  'untimed-overtaken-read': 'of two reads under way at once that tell no time nobody knows which is later',
  'older-in-later-read': 'a later read told an older state: it is asked again',
  'tie-list-against-get': 'a list row contradicts a single read of the same time',
  'clearing-in-list': 'a list row lacks what is held: a single read decides whether it is empty now',
  'absence-overtaken': 'a record was not found, but another read saw it meanwhile',
  'deletion-in-list': 'a list row says that the record is deleted: a single read decides',
  'deletion-overtaken': 'a single read says that the record is deleted, but another one saw it meanwhile',
  'tombstone-in-list': 'a list shows a record that is held as deleted: a single read decides',
  'return-overtaken': 'a deleted record was seen, but another read found it gone meanwhile',
};
