import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../database.ts';
import { postgresBacking } from './postgres-backing.ts';
import { simulate } from './simulate.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
  // What is proven is that the engine converges, not that disks are slow.
  await test.owner.query(
    `do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$`,
  );
});
afterAll(() => test.drop());

describe('the engine on PostgreSQL, after everything went wrong', () => {
  it('holds what the plant holds, and rests', { timeout: 120_000 }, async () => {
    const { violations, events } = await simulate(46, postgresBacking(test.database));
    expect(violations).toEqual([]);
    expect(events).toBeGreaterThan(0);
  });
});
