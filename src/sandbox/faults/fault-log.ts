import type { OperationName } from '../http/operation.ts';
import type { HookEvent } from '../../maintainx/catalogue/index.ts';
import type { FaultName } from './plan.ts';

/** One fault that struck; one that stands (listLag, clockOff) is told once, when it is set. */
export interface FaultEntry {
  readonly seq: number;
  readonly time: string;
  readonly fault: FaultName;
  /** Which of this fault's settings, from 0. */
  readonly rule: number;
  readonly organizationId?: number;
  /** Of a request: its number since the sandbox began, and the operation, if there is one at its path. */
  readonly request?: number;
  readonly operation?: OperationName;
  /** Of a delivery: its number since the sandbox began, its subscription and what it would have told. */
  readonly delivery?: number;
  readonly subscriptionId?: number;
  readonly event?: HookEvent;
}

const KEPT = 10_000;

/** The faults that struck, the last ten thousand of them. */
export class FaultLog {
  #entries: FaultEntry[] = [];
  #seq = 0;

  add(entry: Omit<FaultEntry, 'seq'>): void {
    this.#entries.push({ seq: ++this.#seq, ...entry });
    if (this.#entries.length > 2 * KEPT) this.#entries = this.#entries.slice(-KEPT);
  }

  /** Oldest first, those after the given one. */
  after(seq = 0): readonly FaultEntry[] {
    return this.#entries.slice(-KEPT).filter((entry) => entry.seq > seq);
  }
}
