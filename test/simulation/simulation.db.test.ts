import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../database.ts';
import { postgresBacking } from './postgres-backing.ts';
import { simulate } from './simulate.ts';

let test: TestDatabase;
beforeAll(async () => void (test = await testDatabase()));
afterAll(() => test.drop());

describe('the engine on PostgreSQL, after everything went wrong', () => {
  it('holds what the plant holds, and rests', async () => {
    const { violations, events } = await simulate(27, postgresBacking(test.database));
    expect(violations).toEqual([]);
    expect(events).toBeGreaterThan(0);
  });
});
