import { isGood, type Exchange } from './exchange.ts';
import type { Recorded } from './sandbox-round.ts';
import type { Judge, Verdict, Violation } from './judge.ts';
import { judgeDelivery, subscriptionsIn } from './deliveries.ts';

/** Counts what was judged. */
export class Tally {
  readonly #judge: Judge;
  readonly #covered = new Set<string>();
  readonly #asked = new Set<string>();
  readonly #eventTypes = new Set<string>();
  readonly #violations = new Map<string, { readonly violation: Violation; count: number }>();
  readonly #undocumented = new Map<string, number>();
  readonly #deviations = new Map<string, number>();
  #exchanges = 0;
  #outside = 0;
  #deliveries = 0;
  #unjudgedDeliveries = 0;

  constructor(judge: Judge) {
    this.#judge = judge;
  }

  add({ exchanges, deliveries }: Pick<Recorded, 'exchanges' | 'deliveries'>): void {
    this.#addExchanges(exchanges);
    this.#addDeliveries(deliveries, exchanges);
  }

  #addExchanges(exchanges: readonly Exchange[]): void {
    for (const exchange of exchanges) {
      const verdict = this.#judge.exchange(exchange);
      this.#exchanges++;
      if (verdict.operation === undefined) this.#outside++;
      else this.#asked.add(verdict.operation);
      // Answered as it should be at least once: only then something was seen of the operation.
      if (verdict.operation !== undefined && isGood(exchange)) this.#covered.add(verdict.operation);
      this.#add(verdict);
    }
  }

  /** `exchanges` tell which type goes to which URL. */
  #addDeliveries(deliveries: readonly Exchange[], exchanges: readonly Exchange[]): void {
    const subscriptions = subscriptionsIn(exchanges);
    for (const delivery of deliveries) {
      const judged = judgeDelivery(this.#judge, subscriptions, delivery);
      this.#deliveries++;
      if (judged === undefined) this.#unjudgedDeliveries++;
      else {
        this.#eventTypes.add(judged.type);
        this.#add(judged.verdict);
      }
    }
  }

  #add({ violations, undocumented, deviation }: Verdict): void {
    for (const violation of violations) {
      const key = lineOf(violation);
      const known = this.#violations.get(key);
      if (known === undefined) this.#violations.set(key, { violation, count: 1 });
      else known.count++;
    }
    for (const field of undocumented) this.#undocumented.set(field, (this.#undocumented.get(field) ?? 0) + 1);
    if (deviation !== undefined) this.#deviations.set(deviation, (this.#deviations.get(deviation) ?? 0) + 1);
  }

  figures() {
    const { operations, events, mendedSchemas } = this.#judge.document;
    return {
      mendedSchemas,
      exchanges: this.#exchanges,
      exchangesOutsideTheDocument: this.#outside,
      operations: operations.length,
      operationsCovered: this.#covered.size,
      operationsNotCovered: operations.map(({ name }) => name).filter((name) => !this.#covered.has(name)),
      deliveries: this.#deliveries,
      deliveriesOfUnknownType: this.#unjudgedDeliveries,
      eventTypes: events.size,
      eventTypesSeen: this.#eventTypes.size,
      eventTypesNotSeen: [...events.keys()].filter((type) => !this.#eventTypes.has(type)),
      requestViolations: this.#countOf('request'),
      answerViolations: this.#countOf('answer'),
      deliveryViolations: this.#countOf('delivery'),
      violations: [...this.#violations].map(([line, { count }]) => `${line} (${count}x)`).sort(),
      acceptedDeviations: Object.fromEntries(this.#deviations),
      undocumentedFields: [...this.#undocumented].map(([field, count]) => `${field} (${count}x)`).sort(),
    };
  }

  #countOf(side: Violation['side']): number {
    return [...this.#violations.values()]
      .filter(({ violation }) => violation.side === side)
      .reduce((sum, { count }) => sum + count, 0);
  }
}

/** Positions in lists differ from exchange to exchange; what is wrong does not. */
const lineOf = ({ operation, side, path, message }: Violation): string =>
  `${operation} | ${side} | ${path.replace(/\/\d+(?=\/|$)/g, '/*')} | ${message}`;
