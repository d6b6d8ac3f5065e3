import type { Absences } from './absence.ts';
import { transactUnder } from './port.ts';
import type { ReadTurn } from './read-turn.ts';
import type { Hydration } from './statements.ts';
import { BRAKE } from './wishes.ts';

/** How long a record whose absence cannot be proven is left alone. */
const UNPROVEN_FOR_MS = 600_000;

/**
 * Whether a record that a read did not find is to be stored as gone. A living one counts as deleted only when that is
 * proven; until then its wish waits.
 */
export async function isProvenGone(
  turn: ReadTurn,
  absences: Absences,
  wanted: Hydration,
  showsOthers: boolean,
): Promise<boolean> {
  const { ports, site, lease } = turn;
  const isLiving = await ports.store.transact(lease.tenantId, (tx) => tx.records.isLiving(wanted.key));
  if (!isLiving) return true;
  const proof = await absences.judge(site, wanted, showsOthers);
  if (proof.believe) {
    ports.noticed(wanted.released ? 'brake-released' : 'probe-passed');
    return true;
  }
  ports.noticed(proof.why);
  await transactUnder(ports.store, lease, async (tx) => {
    const now = ports.clock.now();
    // While we were in doubt, a person may have said that it is gone: then it is read again at once.
    if (await tx.hydrations.isReleased(wanted.key)) return;
    switch (proof.why) {
      case 'tombstone-withheld':
        return tx.hydrations.withhold(wanted.key, proof.until);
      case 'probe-impossible':
        return tx.hydrations.park(wanted.key, BRAKE, now);
      case 'probe-failed':
        await tx.hydrations.postpone(wanted.key, now + UNPROVEN_FOR_MS);
        return tx.access.noteChange(wanted.key.organizationId, wanted.key.kind, now);
      case 'parent-in-doubt':
        await tx.hydrations.postpone(wanted.key, now + UNPROVEN_FOR_MS);
        return tx.hydrations.want(
          [{ key: proof.parent, reason: 'suspect', explainedBy: [] }],
          await tx.nextTicket(),
          now,
        );
    }
  });
  return false;
}
