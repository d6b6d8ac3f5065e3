import { expect, it } from 'vitest';
import { createTenantTurns } from './tenant-turns.ts';

const patient = new AbortController().signal;
const settled = async (): Promise<void> => {
  for (let step = 0; step < 5; step++) await Promise.resolve();
};

it('lets a tenant have so many at once, the others in the order of asking, and no other wait for it', async () => {
  const turns = createTenantTurns();
  const order: string[] = [];
  const ask = (tenant: string, name: string) =>
    turns.take(tenant, 2, patient).then((over) => {
      order.push(name);
      return over;
    });
  const [first, second] = await Promise.all([ask('a', '1'), ask('a', '2')]);
  const third = ask('a', '3');
  const fourth = ask('a', '4');
  await ask('b', 'other');
  await settled();
  expect(order).toEqual(['1', '2', 'other']);
  first?.();
  first?.();
  await settled();
  expect(order).toEqual(['1', '2', 'other', '3']);
  second?.();
  (await third)?.();
  (await fourth)?.();
  expect(order).toEqual(['1', '2', 'other', '3', '4']);
  expect(turns.tryTake('a', 1)).toBeDefined();
});

it('leaves the line of who gives up as it was', async () => {
  const turns = createTenantTurns();
  const over = await turns.take('a', 1, patient);
  const impatient = new AbortController();
  const given = turns.take('a', 1, impatient.signal);
  const next = turns.take('a', 1, patient);
  impatient.abort();
  expect(await given).toBeUndefined();
  expect(turns.tryTake('a', 1)).toBeUndefined();
  over?.();
  expect(await next).toBeTypeOf('function');
});
