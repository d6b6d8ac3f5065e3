/** How the deliveries to one subscription went. */
export interface Tally {
  readonly sent: number;
  readonly acknowledged: number;
  readonly failed: number;
  /** What came last: a status, or why there was none. */
  readonly lastAnswer: string | null;
  /** Since when nothing but failures came; null: the last one succeeded. Milliseconds. */
  readonly failingSince: number | null;
}

const NONE: Tally = { sent: 0, acknowledged: 0, failed: 0, lastAnswer: null, failingSince: null };

/** Counts deliveries by subscription. */
export class Tallies {
  readonly #byId = new Map<number, Tally>();

  of(subscriptionId: number): Tally {
    return this.#byId.get(subscriptionId) ?? NONE;
  }

  began(subscriptionId: number): void {
    const tally = this.of(subscriptionId);
    this.#byId.set(subscriptionId, { ...tally, sent: tally.sent + 1 });
  }

  settled(subscriptionId: number, isAcknowledged: boolean, lastAnswer: string, now: number): Tally {
    const before = this.of(subscriptionId);
    const tally: Tally = isAcknowledged
      ? { ...before, acknowledged: before.acknowledged + 1, lastAnswer, failingSince: null }
      : { ...before, failed: before.failed + 1, lastAnswer, failingSince: before.failingSince ?? now };
    this.#byId.set(subscriptionId, tally);
    return tally;
  }
}
