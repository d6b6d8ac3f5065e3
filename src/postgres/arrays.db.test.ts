import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../test/database.ts';
import { bytesArray, plainArray } from './arrays.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase(1);
});
afterAll(() => test.drop());

it('brings to the database what it was given, whatever letters there are in it', async () => {
  const texts = [
    'plain',
    '',
    null,
    'null',
    'NULL',
    '"quoted"',
    'back\\slash',
    '{a,b}',
    ' blank ',
    'line\nend',
    'größer 工具 🛠',
  ];
  const bytes = [Buffer.from([0, 255, 92, 34]), null, Buffer.alloc(0)];
  const [row] = await test.database.directory.query('select $1::text[] as texts, $2::bytea[] as bytes', [
    bytesArray('text', texts),
    bytesArray('bytea', bytes),
  ]);
  expect(row).toEqual({ texts, bytes });
});

it('brings numbers and identifiers as they are, and an empty list as one', async () => {
  const [row] = await test.database.directory.query(
    'select $1::float8[] as numbers, $2::int[] as holes, $3::text[] as none',
    [plainArray([253_402_300_799_999, 0.5, -1]), plainArray([1, 'null', 3]), bytesArray('text', [])],
  );
  expect(row).toEqual({ numbers: [253_402_300_799_999, 0.5, -1], holes: [1, null, 3], none: [] });
});
