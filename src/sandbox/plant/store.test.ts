import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FiledTable } from './filed-table.ts';
import { OrderedRows, sortKey, type Filed } from './ordered-rows.ts';
import { idOf, textOf, type Row } from './row.ts';
import { Store } from './store.ts';

const DATES = ['2026-01-01', '2026-02-01', '2026-03-01', null];
const STATUSES = ['OPEN', 'DONE'];

const byDate = (rows: readonly Row[]): Row[] =>
  rows.toSorted((left, right) => {
    const [a, b] = [textOf(sortKey(left['date'])), textOf(sortKey(right['date']))];
    return a === b ? idOf(left) - idOf(right) : a < b ? -1 : 1;
  });

const edits = fc.array(
  fc.record({
    what: fc.constantFrom('add', 'edit', 'delete', 'look'),
    id: fc.integer({ min: 1, max: 40 }),
    date: fc.constantFrom(...DATES),
    status: fc.constantFrom(...STATUSES),
    tags: fc.subarray(['a', 'b', 'c']),
    title: fc.constantFrom('Oil leak', 'oil\nlevel', 'Weld', ''),
  }),
  { maxLength: 200 },
);

test('whatever happens to rows, orders and groups hold what a look through all rows would find', () => {
  fc.assert(
    fc.property(edits, (all) => {
      const table = new FiledTable();
      const looks: unknown[][] = [];
      for (const { what, id, date, status, tags, title } of all) {
        const row = table.get(id);
        if (what === 'add') table.add({ id, date, status, tags, title });
        else if (what === 'delete') table.delete(id);
        else if (what === 'edit' && row !== undefined) table.moved(Object.assign(row, { date, status, tags, title }));
        else if (what === 'look')
          looks.push([table.ordered('date').size, table.containing('title', '', 50)?.length, table.size]);
      }
      expect(looks.filter((look) => new Set(look).size > 1)).toEqual([]);
      const rows = table.rows();
      const byId = rows.toSorted((left, right) => idOf(left) - idOf(right));
      expect([...table.ordered('date').forwards()]).toEqual(byDate(rows));
      expect([...table.ordered('id').forwards()]).toEqual(byId);
      for (const status of STATUSES)
        expect([...table.where('status', status).forwards()]).toEqual(byId.filter((row) => row['status'] === status));
      const oily = byId.filter((row) => /oil/i.test(textOf(row['title'])));
      expect(byIds(table.containing('title', 'OIL', 50))).toEqual(oily);
      expect(table.containing('title', 'oil', 1) === undefined).toBe(oily.length > 1);
      expect([...table.where('tags', 'a').forwards()]).toEqual(byId.filter((row) => hasTag(row, 'a')));
    }),
  );
});

const byIds = (rows: readonly Row[] = []): Row[] => rows.toSorted((left, right) => idOf(left) - idOf(right));
const hasTag = (row: Row, tag: string): boolean => Array.isArray(row['tags']) && row['tags'].includes(tag);

test('thousands of rows are found by their place and by their key, from both ends', () => {
  const filed = Array.from({ length: 5000 }, (_, index): Filed => {
    const row: Row = { id: index + 1, value: (index * 7919) % 100 };
    return { id: index + 1, row, keys: [row['value'] ?? null] };
  });
  const order = new OrderedRows(0);
  for (const one of filed) order.add(one);
  const expected = new OrderedRows(0, filed);
  expect([...order.forwards()]).toEqual([...expected.forwards()]);
  expect(order.rankOf(50, 0)).toBe(2500);
  expect(order.at(2500)?.['value']).toBe(50);
  const down: Row[] = [];
  order.visit(10, 30, true, (row) => down.push(row) === 20);
  expect(down).toEqual([...order.forwards(10, 30)].toReversed());
  const three: Row[] = [];
  order.visit(4000, 5000, false, (row) => three.push(row) === 3);
  expect(three).toEqual([...order.forwards(4000, 4003)]);
  for (const one of filed.slice(0, 4990)) order.remove(one);
  expect(order.size).toBe(10);
});

test('a deleted record is remembered, and no longer found', () => {
  const store = new Store();
  store.add('user', { id: 7, email: 'a@b.example' });
  expect(store.where('user', 'email', 'a@b.example').size).toBe(1);
  store.delete('user', 7);
  expect(store.where('user', 'email', 'a@b.example').size).toBe(0);
  expect([store.get('user', 7), store.remember('user', 7)?.['email']]).toEqual([undefined, 'a@b.example']);
});
