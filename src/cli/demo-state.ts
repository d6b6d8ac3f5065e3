import { systemClock } from '../base/clock.ts';
import { DEFAULT_KINDS, syncStatus } from '../inbound/index.ts';
import type { StoredEvent } from '../log/index.ts';
import type { Kind } from '../maintainx/index.ts';
import { compareKind, idOf, type HeldRecord } from '../records/index.ts';
import type { Sandbox } from '../sandbox/index.ts';
import type { Server } from '../server.ts';
import { inWords } from './words.ts';

export interface Demo {
  readonly server: Server;
  readonly sandbox: Sandbox;
  readonly tenantId: string;
  /** Of the plant's owner, for the API. */
  readonly token: string;
}

/** What the demo shows of one moment. */
export interface DemoState {
  readonly at: number;
  readonly address: string;
  readonly sandboxUrl: string;
  /** For the API: `Authorization: Bearer …`. */
  readonly token: string;
  /** Since the start, and in the last second. */
  readonly changes: number;
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly webhooks: number;
  readonly waiting: { readonly deliveries: number; readonly reads: number };
  /** Age of the oldest thing that waits to be read, milliseconds; from webhook's arrival or list row to record. */
  readonly lagMs: number;
  readonly quota: { readonly used: number; readonly limit: number };
  readonly kinds: readonly KindState[];
  readonly records: { readonly plant: number; readonly mirror: number; readonly equal: number };
  readonly lastEvents: readonly string[];
}

export interface KindState {
  readonly kind: Kind;
  readonly plant: number;
  readonly mirror: number;
  /** Records that are the same here and there, field by field. */
  readonly equal: number;
}

const LAST_EVENTS = 10;

export async function observeDemo(demo: Demo, before: DemoState | undefined): Promise<DemoState> {
  const { server, sandbox, tenantId } = demo;
  const { store } = server.installation;
  const at = systemClock.now();
  const status = await syncStatus(store, tenantId);
  const held = await allRecords(demo);
  const kinds = DEFAULT_KINDS.map((kind) => kindState(demo, kind, held));
  const events = await store.transact(tenantId, (tx) => tx.log.read(status.lastSeq - LAST_EVENTS, LAST_EVENTS));
  const use = server.engine.quotaOf(tenantId) ?? { used: 0, limit: 0 };
  const stats = sandbox.stats();
  const busy = status.waiting.deliveries + status.waiting.reads > 0;
  const since = before === undefined ? 1 : Math.max(0.001, (at - before.at) / 1000);
  return {
    at,
    address: server.address,
    sandboxUrl: sandbox.url,
    token: demo.token,
    changes: stats.changes,
    events: status.lastSeq,
    eventsPerSecond: before === undefined ? 0 : Math.round(((status.lastSeq - before.events) / since) * 10) / 10,
    webhooks: server.intake?.counts.accepted ?? 0,
    waiting: { deliveries: status.waiting.deliveries, reads: status.waiting.reads },
    lagMs: busy ? await oldestWaiting(demo, at) : 0,
    quota: { used: use.used, limit: use.limit },
    kinds,
    records: {
      plant: sum(kinds, (one) => one.plant),
      mirror: sum(kinds, (one) => one.mirror),
      equal: sum(kinds, (one) => one.equal),
    },
    lastEvents: events.map((event) => inWords(event, namesIn(held, event))),
  };
}

const sum = (kinds: readonly KindState[], of: (kind: KindState) => number): number =>
  kinds.reduce((total, kind) => total + of(kind), 0);

async function allRecords({ server, tenantId }: Demo): Promise<readonly HeldRecord[]> {
  return server.installation.store.transact(tenantId, (tx) => tx.records.page(null, 100_000));
}

function kindState({ sandbox }: Demo, kind: Kind, held: readonly HeldRecord[]): KindState {
  const originals = sandbox.records(kind);
  const copies = held.filter((one) => one.key.kind === kind);
  const mirror = copies.filter((one) => one.deletedAt === null).length;
  const differing = new Set(compareKind(kind, originals, copies).map((one) => one.recordId));
  const equal = originals.filter((one) => !differing.has(idOf(one))).length;
  return { kind, plant: originals.length, mirror, equal };
}

async function oldestWaiting({ server, tenantId }: Demo, now: number): Promise<number> {
  return server.installation.store.transact(tenantId, async (tx) => {
    const [arrival] = await tx.deliveries.waiting(1);
    const wished = await tx.hydrations.oldestWishAt();
    const oldest = Math.min(arrival?.delivery?.receivedAt ?? now, wished ?? now);
    return Math.max(0, now - oldest);
  });
}

function namesIn(held: readonly HeldRecord[], { stream }: StoredEvent): () => string | undefined {
  return () => {
    const record = held.find(({ key }) => `${key.kind}/${key.organizationId}/${key.recordId}` === stream);
    const name = record?.state['title'] ?? record?.state['name'] ?? record?.state['label'];
    return typeof name === 'string' ? name : undefined;
  };
}
