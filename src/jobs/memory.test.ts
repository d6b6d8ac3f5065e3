import { describe, expect, it } from 'vitest';
import type { Lease } from './lease.ts';
import { admitLeases, emptyMemoryLeases, memoryLeases } from './memory.ts';

const TENANT = '00000000-0000-7000-8000-000000000001';

/** Lets so many steps of other strands of work go first. */
async function after(steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) await Promise.resolve();
}

describe('leases in memory', () => {
  it('never give one epoch twice, however a late release or renewal meets the next claim', async () => {
    for (const late of ['release', 'renew'] as const)
      for (let steps = 0; steps < 8; steps++) {
        const table = emptyMemoryLeases();
        admitLeases(table, { tenantId: TENANT, organizationId: '1' }, ['pull'], 0);
        const leases = memoryLeases(table);
        const claim = (now: number): Promise<Lease | undefined> => leases.claim('pull', 'x', now, 10, TENANT);
        const first = await claim(0);
        if (first === undefined) throw new Error('nothing to claim');
        const lateStep = late === 'release' ? leases.release(first, 0) : leases.renew(first, 20, 10);
        await after(steps);
        const second = await claim(20);
        await lateStep;
        const third = await claim(100);
        const epochs = [first, second, third].flatMap((lease) => lease?.epoch ?? []);
        expect(new Set(epochs).size, `${late}, ${steps} steps later`).toBe(epochs.length);
      }
  });
});
