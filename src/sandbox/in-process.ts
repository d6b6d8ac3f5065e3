import type { JsonObject } from '../base/json.ts';
import type { CoreKind, HookEvent, Kind } from '../maintainx/catalogue/index.ts';
import { checkedPlan } from './faults/check-plan.ts';
import type { FaultEntry } from './faults/fault-log.ts';
import type { FaultPlan } from './faults/plan.ts';
import type { HookCounts } from './hooks/deliver.ts';
import type { HookPost } from './hooks/hook-post.ts';
import { apiReply, type NoReply, type Reply } from './http/api.ts';
import { changesOf } from './life/deeds.ts';
import { fileAt } from './http/files.ts';
import { settingsFrom, type SandboxOptions } from './options.ts';
import { wholeKind } from './operations/whole-kind.ts';
import { idOf } from './plant/row.ts';
import { removeRecord } from './plant/remove.ts';
import { realmOf, type Realm } from './realm.ts';

/** A request as a client would send it over HTTP. */
export interface InProcessRequest {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

/** What a client would have got over HTTP; times are the sandbox's clock's. */
export type Exchange =
  | {
      readonly came: 'answer';
      readonly status: number;
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string>>;
      /** Empty where the answer is a file. */
      readonly body: string;
      readonly bytes?: Uint8Array;
      /** How long the body dribbles. */
      readonly slowMs: number;
    }
  /** Fewer bytes than Content-Length says, and the end of the connection. */
  | { readonly came: 'cut body' }
  | { readonly came: 'reset' | 'end of connection' }
  /** Nothing, until the client gives up or the connection is cut. */
  | { readonly came: 'nothing'; readonly cutAfterMs: number | undefined };

/** A sandbox without a server: for simulations, in which time is virtual and no socket may be waited for. */
export interface InProcessSandbox {
  readonly apiKey: string;
  readonly organizationId: number;
  exchange(request: InProcessRequest): Promise<Exchange>;
  /** One change of the life, now. */
  change(): void;
  /** Somebody deletes the record, if it is there. */
  remove(kind: CoreKind, id: number): void;
  ids(kind: CoreKind): readonly number[];
  /** Every living record as its single GET shows it, with the expands that the catalogue sends; see `wholeKind`. */
  records(kind: Kind): readonly JsonObject[];
  /** A webhook subscription that needs no approval. */
  subscribe(type: HookEvent, url: string): { readonly id: number; readonly secret: string };
  /** What became of the webhooks so far. */
  hooks(): HookCounts;
  setFaults(faults: FaultPlan): void;
  clearFaults(): void;
  faultLog(after?: number): readonly FaultEntry[];
}

/**
 * Opens the first organisation of a sandbox. Nothing happens in it by itself: whoever holds it makes its changes.
 * `hookPost`: how its webhooks are brought to their receivers, HTTP by default.
 */
export function openInProcess(options: SandboxOptions, hookPost?: () => HookPost): InProcessSandbox {
  const realm = realmOf(settingsFrom(options), hookPost);
  realm.place.origin = 'http://sandbox';
  const { first } = realm.organizations;
  const world = realm.organizations.world(first);
  const { plant, chronicle, integrationUserId } = world;
  const { faults } = realm.ground;
  let live: (() => void) | undefined;
  return {
    apiKey: first.apiKey,
    organizationId: first.id,
    exchange: async ({ method, url, headers, bytes }) => {
      const file = method === 'GET' ? fileAt(realm, url) : undefined;
      return exchangeOf(
        realm,
        file === undefined ? await apiReply(realm, { method, url, headers, bytes }) : { answer: file, headers: {} },
      );
    },
    change: () => {
      // Made at the first change: it keeps the number of records near what it is then.
      live ??= changesOf(plant, chronicle, first.seed);
      live();
    },
    remove: (kind, id) => {
      const row = plant.store.get(kind, id);
      if (row !== undefined) removeRecord(plant, kind, row, { userId: integrationUserId, quiet: true });
    },
    ids: (kind) => plant.store.all(kind).map(idOf),
    records: (kind) => wholeKind(world, kind),
    subscribe: (type, url) => {
      const id = plant.store.nextId('subscription');
      const secret = world.secretOf(id);
      const manner = { status: 'VALID', options: {}, filters: {}, creatorId: integrationUserId } as const;
      world.subscriptions.set({ id, type, url, secret, ...manner });
      return { id, secret };
    },
    hooks: () => world.deliveries.counts(),
    setFaults: (plan) => faults.set(checkedPlan(plan)),
    clearFaults: () => faults.clear(),
    faultLog: (after) => faults.log(after),
  };
}

/** As `transmit` sends it over a socket. */
function exchangeOf(realm: Realm, reply: Reply | NoReply): Exchange {
  if ('ending' in reply) {
    if (reply.ending === 'hang') return { came: 'nothing', cutAfterMs: reply.cutAfterMs };
    return { came: reply.ending === 'reset' ? 'reset' : 'end of connection' };
  }
  const { answer, headers, body: fault } = reply;
  if (fault?.as === 'cut') return { came: 'cut body' };
  const body = answer.json === undefined ? (answer.text ?? '') : JSON.stringify(answer.json);
  const type =
    answer.contentType ?? (answer.json === undefined ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8');
  const named = { ...headers, Date: new Date(realm.ground.clock.now()).toUTCString(), 'Content-Type': type };
  return {
    came: 'answer',
    status: answer.status,
    headers: Object.fromEntries(Object.entries(named).map(([name, value]) => [name.toLowerCase(), value])),
    body,
    ...(answer.bytes === undefined ? {} : { bytes: answer.bytes }),
    slowMs: fault?.as === 'slow' ? Math.ceil(Buffer.byteLength(body) / fault.bytes) * fault.pauseMs : 0,
  };
}
