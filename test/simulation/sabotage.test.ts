import { describe, expect, it } from 'vitest';
import type { InboundTransaction } from '../../src/inbound/index.ts';
import { memoryBacking } from './memory-backing.ts';
import { simulate, type Backing } from './simulate.ts';

/** A memory store with a bug in it. */
function broken(bug: (tx: InboundTransaction) => Partial<InboundTransaction>): Backing {
  const backing = memoryBacking();
  const { store } = backing;
  return {
    ...backing,
    store: {
      ...store,
      transact: (tenantId, work) => store.transact(tenantId, (tx) => work({ ...tx, ...bug(tx) })),
    },
  };
}

/** What is found within a few seeds. */
async function found(bug: (tx: InboundTransaction) => Partial<InboundTransaction>): Promise<string> {
  const violations: string[] = [];
  for (let seed = 1; seed <= 12 && violations.length === 0; seed++)
    violations.push(...(await simulate(seed, broken(bug))).violations);
  return violations.join('\n');
}

describe('the simulation finds', { timeout: 120_000 }, () => {
  it('records that were deleted and are still held', async () => {
    const noneMissing = (tx: InboundTransaction): Partial<InboundTransaction> => ({
      runs: { ...tx.runs, missing: async (sought) => ({ ...(await tx.runs.missing(sought)), missing: [] }) },
    });
    expect(await found(noneMissing)).toMatch(/"a living record" here, null there/);
  });

  it('changes that are stored without their event', async () => {
    let appended = 0;
    const losesEvents = (tx: InboundTransaction): Partial<InboundTransaction> => ({
      log: { ...tx.log, append: (events) => (++appended % 50 === 0 ? Promise.resolve([]) : tx.log.append(events)) },
    });
    expect(await found(losesEvents)).toMatch(/is not the fold of its state events/);
  });

  it('a process that writes after another one took over', async () => {
    const noFence = (tx: InboundTransaction): Partial<InboundTransaction> => ({
      leases: { ...tx.leases, fence: () => Promise.resolve() },
    });
    expect(await found(noFence)).toMatch(/was committed after a later claim/);
  });

  it('wishes that are forgotten', async () => {
    const forgets = (tx: InboundTransaction): Partial<InboundTransaction> => ({
      hydrations: {
        ...tx.hydrations,
        want: (wishes, ticket, now) =>
          tx.hydrations.want(
            wishes.filter(({ key }) => !key.recordId.endsWith('3')),
            ticket,
            now,
          ),
      },
    });
    expect(await found(forgets)).toMatch(/the copy differs/);
  });

  it('a copy that never comes to rest', async () => {
    const readsNothing = (tx: InboundTransaction): Partial<InboundTransaction> => ({
      hydrations: { ...tx.hydrations, due: () => Promise.resolve([]), nextDueAt: () => Promise.resolve(null) },
    });
    expect(await found(readsNothing)).toMatch(/not quiet within/);
  });
});
