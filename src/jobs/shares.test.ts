import { expect, it } from 'vitest';
import { createShares, type Shares } from './shares.ts';

/** A second in which each tenant takes so much, one by one and evenly; how often each was found greedy. */
function second(shares: Shares, clock: { at: number }, amounts: Readonly<Record<string, number>>) {
  const greedy: Record<string, number> = {};
  const all = Object.entries(amounts).flatMap(([tenant, count]) =>
    Array.from({ length: count }, (_, nth) => ({ tenant, at: (nth / count) * 1_000 })),
  );
  const from = clock.at;
  for (const { tenant, at } of all.toSorted((left, right) => left.at - right.at)) {
    clock.at = from + at;
    shares.add(tenant, 1);
    if (shares.isGreedy(tenant)) greedy[tenant] = (greedy[tenant] ?? 0) + 1;
  }
  clock.at = from + 1_000;
  return greedy;
}

const start = () => {
  const clock = { at: 1_000_000 };
  return { clock, shares: createShares(() => clock.at, 100) };
};

it('nobody is greedy alone, however much it takes', () => {
  const { clock, shares } = start();
  for (let times = 0; times < 3; times++) expect(second(shares, clock, { one: 5_000 })).toEqual({});
});

it('nobody is where many take a little, also together a lot, nor who takes most of very little', () => {
  const { clock, shares } = start();
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, nth) => [`tenant ${nth}`, 80]));
  for (let times = 0; times < 3; times++) expect(second(shares, clock, many)).toEqual({});
  for (let times = 0; times < 3; times++) expect(second(shares, clock, { some: 90, less: 5 })).toEqual({});
});

it('who takes most of it is, while others are at work, and the others are not', () => {
  const { clock, shares } = start();
  second(shares, clock, { flood: 3_000, quiet: 5 });
  const greedy = second(shares, clock, { flood: 3_000, quiet: 5 });
  expect(greedy['flood']).toBeGreaterThan(2_900);
  expect(greedy['quiet']).toBeUndefined();
});

it('and is no more when the others are gone', () => {
  const { clock, shares } = start();
  second(shares, clock, { flood: 3_000, quiet: 5 });
  for (let times = 0; times < 5; times++) second(shares, clock, { flood: 3_000 });
  expect(second(shares, clock, { flood: 3_000 })).toEqual({});
});

it('who was given more room of its own is not, up to that', () => {
  const { clock, shares } = start();
  second(shares, clock, { flood: 300, quiet: 5 });
  expect([shares.isGreedy('flood'), shares.isGreedy('flood', 120), shares.isGreedy('flood', 1_000)]).toEqual([
    true,
    true,
    false,
  ]);
});
