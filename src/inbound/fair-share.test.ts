import { expect, it } from 'vitest';
import { createFairShare, type FairShare } from './fair-share.ts';

/** So many of each tenant in a second, evenly; how many of each were to wait. */
function second(share: FairShare, clock: { at: number }, counts: Readonly<Record<string, number>>) {
  const waited: Record<string, number> = {};
  const all = Object.entries(counts).flatMap(([tenant, count]) =>
    Array.from({ length: count }, (_, nth) => ({ tenant, at: (nth / count) * 1_000 })),
  );
  const from = clock.at;
  for (const { tenant, at } of all.toSorted((left, right) => left.at - right.at)) {
    clock.at = from + at;
    if (share(tenant) > 0) waited[tenant] = (waited[tenant] ?? 0) + 1;
  }
  clock.at = from + 1_000;
  return waited;
}

const start = () => {
  const clock = { at: 1_000_000 };
  return { clock, share: createFairShare(() => clock.at) };
};

it('lets nobody wait who is alone, however much comes', () => {
  const { clock, share } = start();
  for (let times = 0; times < 3; times++) expect(second(share, clock, { one: 5_000 })).toEqual({});
});

it('lets nobody wait where many send a little, also together a lot', () => {
  const { clock, share } = start();
  const all = Object.fromEntries(Array.from({ length: 100 }, (_, nth) => [`tenant ${nth}`, 80]));
  for (let times = 0; times < 3; times++) expect(second(share, clock, all)).toEqual({});
});

it('lets the one wait that floods while others are at work, and not the others', () => {
  const { clock, share } = start();
  second(share, clock, { flood: 3_000, quiet: 5 });
  const waited = second(share, clock, { flood: 3_000, quiet: 5 });
  expect(waited['flood']).toBeGreaterThan(2_900);
  expect(waited['quiet']).toBeUndefined();
});

it('lets it go when the others are gone', () => {
  const { clock, share } = start();
  second(share, clock, { flood: 3_000, quiet: 5 });
  for (let times = 0; times < 5; times++) second(share, clock, { flood: 3_000 });
  expect(second(share, clock, { flood: 3_000 })).toEqual({});
});
