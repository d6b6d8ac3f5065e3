import { allOver } from '../base/all-over.ts';
import { objectOf, parseStored } from '../base/json.ts';
import type { Lease, LaneWork } from '../jobs/index.ts';
import { factKeyText, type NewEvent, type StoredEvent } from '../log/index.ts';
import { HOOK_EVENT_NAMES, HOOK_EVENTS, type Kind } from '../maintainx/index.ts';
import type { Arrival, Delivery } from './delivery.ts';
import { newId, type EnginePorts } from './engine.ts';
import { interpret, type Interpretation } from './interpret.ts';
import { transactUnder, type InboundTransaction } from './port.ts';
import { kindsIn } from './settings.ts';
import type { Settled, Wish } from './statements.ts';

/** Deliveries taken in one transaction. */
const BATCH = 200;
/** After this time others get their turn, while there are any. */
const SHORT_TURN_MS = 50;

/** Drains a tenant's deliveries in order: keeps their facts and notes which records are to be looked at. */
export function deliverWork(ports: EnginePorts, woken: () => void): LaneWork {
  // Whose a subscription is never changes.
  const organizations = new Map<string, string>();
  return async (lease, signal, { hasOthers, did }) => {
    const began = ports.clock.now();
    while (!signal.aborted && !(hasOthers() && ports.clock.now() > began + SHORT_TURN_MS)) {
      const taken = await deliverBatch(ports, organizations, lease);
      did(taken);
      if (taken > 0) woken();
      if (taken < BATCH) return null;
    }
    return ports.clock.now();
  };
}

/** One transaction: facts, wishes and the deliveries' new state together, or none of them. */
async function deliverBatch(ports: EnginePorts, organizations: Organizations, lease: Lease): Promise<number> {
  return transactUnder(ports.store, lease, async (tx) => {
    const [arrivals, settings] = await allOver([tx.deliveries.waiting(BATCH), tx.settings.read()]);
    if (arrivals.length === 0) return 0;
    await learn(organizations, arrivals, tx);
    const { facts, wishes, settled } = readAll(ports, organizations, arrivals, kindsIn(settings));
    const [, known, ticket] = await allOver([
      tx.deliveries.settle(settled),
      // A repeated delivery's fact is in the log already, under an id of its own.
      tx.log.factsByKey(facts.map((fact) => fact.factKey).filter((key) => key !== null)),
      // Drawn after the deliveries were read: a GET that began earlier may have been answered before their changes.
      tx.nextTicket(),
    ]);
    await wakeGuardian(tx, facts, ports.clock.now());
    tx.leases.wake('hydrate', ports.clock.now());
    const [, stored] = await allOver([
      tx.hydrations.want(explained(wishes, known), ticket, ports.clock.now()),
      tx.log.append(facts),
    ]);
    await noteSecurity(tx, stored, ports.clock.now());
    return arrivals.length;
  });
}

/** From which organisation each subscription tells, as far as it was met. */
type Organizations = Map<string, string>;

async function learn(known: Organizations, arrivals: readonly Arrival[], tx: InboundTransaction): Promise<void> {
  const ids = new Set(arrivals.flatMap(({ delivery }) => delivery?.subscriptionId ?? []));
  const strange = [...ids].filter((id) => !known.has(id));
  if (strange.length === 0) return;
  for (const [id, organizationId] of await tx.deliveries.organizationsOf(strange)) known.set(id, organizationId);
}

/** MaintainX tells when a subscription is no more: not the next daily look, this hour's webhooks are at stake. */
async function wakeGuardian(tx: InboundTransaction, facts: readonly NewEvent[], now: number): Promise<void> {
  const archived = facts.filter(({ type }) => type === HOOK_EVENTS.WEBHOOK_ARCHIVED.fact);
  if (archived.length === 0) return;
  const ids = archived.flatMap(({ data }) => {
    const { webhookId } = objectOf(parseStored(data));
    return typeof webhookId === 'number' || typeof webhookId === 'string' ? [String(webhookId)] : [];
  });
  if (await tx.deliveries.doubtSubscriptions(ids)) tx.leases.wake('guard', now);
}

/** Types of facts about who may do what. */
const SECURITY: ReadonlySet<string> = new Set(
  HOOK_EVENT_NAMES.filter((name) => HOOK_EVENTS[name].security === true).map((name) => HOOK_EVENTS[name].fact),
);

/** What MaintainX tells of tokens, logins, roles and the like stands in the tenant's audit too, each once. */
async function noteSecurity(tx: InboundTransaction, facts: readonly StoredEvent[], now: number): Promise<void> {
  for (const { type, actor, eventId, data } of facts.filter((fact) => SECURITY.has(fact.type)))
    await tx.audit.note(
      {
        actor: actor === null ? 'MaintainX' : `MaintainX ${actor}`,
        origin: 'webhook',
        action: type,
        target: `event ${eventId}`,
        before: null,
        after: parseStored(data),
      },
      now,
    );
}

function readOne(delivery: Delivery, organizations: Organizations): Interpretation {
  const organizationId = organizations.get(delivery.subscriptionId);
  return organizationId === undefined
    ? { parked: 'nobody knows its webhook subscription' }
    : interpret(delivery, organizationId);
}

/** A wish, and the key of the fact that explains it. */
interface ToldWish {
  readonly wish: Wish;
  readonly factKey: Buffer | null;
}

interface Reading {
  readonly facts: readonly NewEvent[];
  readonly wishes: readonly ToldWish[];
  readonly settled: readonly Settled[];
}

function readAll(
  ports: EnginePorts,
  organizations: Organizations,
  arrivals: readonly Arrival[],
  copied: readonly Kind[],
): Reading {
  const facts: NewEvent[] = [];
  const wishes: ToldWish[] = [];
  const settled: Settled[] = [];
  for (const arrival of arrivals) {
    const read = arrival.delivery === null ? null : readOne(arrival.delivery, organizations);
    if (read !== null && 'parked' in read) {
      settled.push({ arrival, state: 'parked', reason: read.parked });
      continue;
    }
    settled.push({ arrival, state: 'done' });
    // It waited longer than deliveries are kept.
    if (read === null) continue;
    const fact = { ...read.fact, eventId: newId(ports), recordedAt: ports.clock.now() };
    facts.push(fact);
    for (const key of read.records.filter(({ kind }) => copied.includes(kind)))
      wishes.push({
        wish: { key, reason: 'hook', explainedBy: [fact.eventId], toldAt: fact.occurredAt },
        factKey: fact.factKey,
      });
  }
  return { facts, wishes, settled };
}

/** Wishes as explained by the facts that the log has. */
function explained(wishes: readonly ToldWish[], known: ReadonlyMap<string, string>): readonly Wish[] {
  return wishes.map(({ wish, factKey }) => {
    const earlier = factKey === null ? undefined : known.get(factKeyText(factKey));
    return earlier === undefined ? wish : { ...wish, explainedBy: [earlier] };
  });
}
