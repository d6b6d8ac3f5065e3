import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Undo } from './undo.ts';

it('takes back sets and deletes, of keys that were there and of keys that were not', () => {
  const map = new Map([
    ['kept', 1],
    ['changed', 2],
    ['deleted', 3],
  ]);
  const undo = new Undo();
  undo.set(map, 'changed', 20);
  undo.set(map, 'changed', 21);
  undo.set(map, 'new', 4);
  undo.delete(map, 'deleted');
  undo.delete(map, 'never there');
  undo.rollBack();
  expect(Object.fromEntries(map)).toEqual({ kept: 1, changed: 2, deleted: 3 });
});

it('takes back other steps, last first', () => {
  const undone: number[] = [];
  const undo = new Undo();
  for (const step of [1, 2, 3]) undo.push(() => void undone.push(step));
  undo.rollBack();
  expect(undone).toEqual([3, 2, 1]);
});

it('restores a map after any changes', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd');
  const change = fc.record({ key, value: fc.option(fc.integer()) });
  fc.assert(
    fc.property(fc.dictionary(key, fc.integer()), fc.array(change), (before, changes) => {
      const map = new Map(Object.entries(before));
      const undo = new Undo();
      for (const { key: changed, value } of changes)
        if (value === null) undo.delete(map, changed);
        else undo.set(map, changed, value);
      undo.rollBack();
      expect(Object.fromEntries(map)).toEqual({ ...before });
    }),
  );
});
