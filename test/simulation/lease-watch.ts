import type { Lease } from '../../src/jobs/index.ts';

/** Knows which lease of each lane is the last one, and what was done against it. */
export class LeaseWatch {
  readonly #last = new Map<string, number>();
  readonly violations: string[] = [];

  claimed({ lane, epoch }: Lease): void {
    this.#last.set(lane, Math.max(epoch, this.#last.get(lane) ?? 0));
  }

  /** A transaction is about to be committed: nobody may have taken its lease over, and it must have one to write. */
  commits(lease: Lease | undefined, written: ReadonlySet<string>): void {
    if (lease === undefined) {
      if (written.size > 0) this.violations.push(`written without a lease: ${[...written].join(', ')}`);
    } else if (lease.epoch < (this.#last.get(lease.lane) ?? 0))
      this.violations.push(`${lease.lane}: a transaction of epoch ${lease.epoch} was committed after a later claim`);
  }
}
