import type { Json, JsonObject } from '../../src/base/json.ts';
import type { Dice } from '../../src/sandbox/seed/dice.ts';
import type { Lie } from './lie-rule.ts';

export type PageLie = Extract<
  Lie,
  | 'row without id'
  | 'row of the future'
  | 'shuffled page'
  | 'late row'
  | 'row left out'
  | 'row twice'
  | 'field left out'
  | 'row marked deleted'
>;

/** The rows of a page with the lie in them; the same list when there was nothing to lie about. */
export type TellPage = (rows: readonly JsonObject[], share: number, dice: Dice, now: number) => readonly JsonObject[];

export const PAGE_LIES: Readonly<Record<PageLie, TellPage>> = {
  'row without id': ofSome((row, dice) => ({ ...row, id: dice.pick<Json>([null, '', 'none', -1, {}]) })),
  'row of the future': ofSome((row, dice, now) => ({ ...row, updatedAt: noTime(dice, now) })),
  'shuffled page': (rows, share, dice) => (rows.length > 1 && dice.chance(share) ? dice.some(rows, rows.length) : rows),
  'late row': (rows, share, _dice, now) => kept(rows, (row) => now - updatedAt(row) >= latenessOf(row, share)),
  'row left out': (rows, share, dice) => kept(rows, () => !dice.chance(share)),
  'row twice': (rows, share, dice) => (rows.length > 0 && dice.chance(share) ? [...rows, dice.pick(rows)] : rows),
  'field left out': ofSome((row, dice) => {
    const field = dice.pick(Object.keys(row));
    return field === 'id' ? row : Object.fromEntries(Object.entries(row).filter(([name]) => name !== field));
  }),
  'row marked deleted': ofSome((row, dice, now) => ({
    ...row,
    deletedAt: new Date(now - dice.whole(0, 60_000)).toISOString(),
  })),
};

function ofSome(lie: (row: JsonObject, dice: Dice, now: number) => JsonObject): TellPage {
  return (rows, share, dice, now) => {
    let lied = false;
    const told = rows.map((row) => {
      if (!dice.chance(share)) return row;
      lied = true;
      return lie(row, dice, now);
    });
    return lied ? told : rows;
  };
}

function kept(rows: readonly JsonObject[], keeps: (row: JsonObject) => boolean): readonly JsonObject[] {
  const told = rows.filter(keeps);
  return told.length === rows.length ? rows : told;
}

const DAY = 86_400_000;

function noTime(dice: Dice, now: number): Json {
  if (dice.chance(0.2)) return dice.pick<Json>([null, 'soon', 0, '9999-12-31T23:59:59.999Z']);
  return new Date(now + dice.whole(1, 400) * DAY).toISOString();
}

const updatedAt = (row: JsonObject): number =>
  Date.parse(typeof row['updatedAt'] === 'string' ? row['updatedAt'] : '0');

/** 0 to 300 s by the record's id; for some much longer. */
function latenessOf(row: JsonObject, share: number): number {
  const draw = (Math.imul(Number(row['id']), 2_654_435_761) >>> 0) / 2 ** 32;
  if (draw > share) return 0;
  return draw < share / 10 ? 7_200_000 : (draw / share) * 300_000;
}
