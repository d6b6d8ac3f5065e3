import type { HeldRecord, RecordKey } from '../src/records/index.ts';

/** A living record that was read alone, then and never since; `but` says what is different. */
export const heldRecord = (key: RecordKey, at: number, but: Partial<HeldRecord> = {}): HeldRecord => ({
  key,
  version: 1,
  state: {},
  kept: {},
  updatedAt: at,
  readSource: 'get',
  readEnded: 1,
  detailAt: at,
  detailUpdatedAt: at,
  firstSeenAt: at,
  changedAt: at,
  deletedAt: null,
  ...but,
});
