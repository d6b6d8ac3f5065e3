import { expect, test } from 'vitest';
import { places } from './planted.ts';
import { sqlClockFindings } from './sql-clock.ts';

const SQL = 'query(`select 1\n  where due_at <= now()`);\nquery("select CURRENT_TIMESTAMP");';

test('the server clock is found in SQL', () => {
  expect(places(sqlClockFindings, { 'src/jobs/a.ts': SQL })).toEqual(['src/jobs/a.ts:2', 'src/jobs/a.ts:3']);
});

test('src/postgres and tests may ask it, code may ask its Clock', () => {
  const code = 'query(`select ${clock.now()}`); // now()';
  expect(
    places(sqlClockFindings, { 'src/postgres/a.ts': SQL, 'src/jobs/a.test.ts': SQL, 'src/jobs/b.ts': code }),
  ).toEqual([]);
});
