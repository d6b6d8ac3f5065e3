import { describe, expect, it } from 'vitest';
import { CALM_FROM } from './scenario.ts';
import { memoryBacking } from './memory-backing.ts';
import { simulate } from './simulate.ts';

const SEEDS = Array.from({ length: 15 }, (_, index) => index + 1);

describe('the engine, after everything went wrong', { timeout: 120_000 }, () => {
  it.each(SEEDS)('holds what the plant holds, and rests: seed %i', async (seed) => {
    const { violations, requests, events } = await simulate(seed, memoryBacking());
    expect(violations).toEqual([]);
    expect(requests).toBeGreaterThan(0);
    expect(events).toBeGreaterThan(0);
  });

  it('says how many webhooks never came, where nothing else went wrong', async () => {
    const { creations } = await simulate(CALM_FROM, memoryBacking());
    expect(creations?.reported).toEqual(creations?.played);
    expect(creations?.played.told).toBeLessThan(creations?.played.happened ?? 0);
  });

  it('takes the same course for the same seed', async () => {
    const [once, again] = [await simulate(17, memoryBacking()), await simulate(17, memoryBacking())];
    expect(again).toEqual(once);
    const other = await simulate(18, memoryBacking());
    expect(other.trace).not.toBe(once.trace);
  });
});
