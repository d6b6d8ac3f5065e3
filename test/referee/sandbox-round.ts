import { startSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { pause } from '../proof/plant.ts';
import { bodyOf, requiredOf } from './bodies.ts';
import { objectsOf, type ApiDocument } from './document.ts';
import { jsonIn, type Exchange } from './exchange.ts';
import { startReceiver, startRecorder } from './recorder.ts';
import type { PermitLink } from './walk-work.ts';
import { walkEverything } from './walk.ts';
import { Walker } from './walker.ts';

const LIFE_PER_SECOND = 100;
const LIFE_MS = 5_000;

/** What went over the wire. */
export interface Recorded {
  readonly exchanges: readonly Exchange[];
  readonly deliveries: readonly Exchange[];
  /** Answers with another status than was expected. */
  readonly unmet: readonly string[];
}

/** A walk over all operations of a sandbox of its own. */
export async function recordWalk(document: ApiDocument, seed: number): Promise<Recorded> {
  const sandbox = await startSandbox({ port: 0, seed, requestsPerMinute: 0, organisationRequestsPerMinute: 0 });
  await using recorder = await startRecorder(new URL(sandbox.url).origin);
  await using receiver = await startReceiver();
  const walker = new Walker(document, `${recorder.url}${document.basePath}`, sandbox.apiKey);
  try {
    await walkEverything(walker, { receiverUrl: receiver.url, permit: await permitOf(sandbox), withProbes: true });
    // Some events come of nothing that the API can do: people work for a while.
    sandbox.setRate(LIFE_PER_SECOND);
    await pause(LIFE_MS);
    sandbox.setRate(0);
    await settled(() => sandbox.stats().hooks.underWay + sandbox.stats().hooks.waiting);
    await tellTheRest(sandbox, walker, receiver.exchanges);
    await settled(() => sandbox.stats().hooks.underWay + sandbox.stats().hooks.waiting);
    return { exchanges: recorder.exchanges, deliveries: receiver.exchanges, unmet: walker.unmet };
  } finally {
    await sandbox.close();
  }
}

/** Logins, roles, invite links: what no operation and no work in the plant causes, the control API does. */
async function tellTheRest({ controlUrl }: Sandbox, walker: Walker, seen: readonly Exchange[]): Promise<void> {
  const types = new Set(seen.map(({ target }) => target.split('/')[1]));
  for (const [type, schema] of walker.document.events) {
    if (types.has(type)) continue;
    const wanted = requiredOf(schema).filter((name) => name !== 'orgId' && name !== 'occurredAt');
    const body = bodyOf(schema, { known: walker.known, collection: 'users', turn: 0 }, wanted);
    const answer = await fetch(`${controlUrl}/events`, { method: 'POST', body: JSON.stringify({ type, body }) });
    if (!answer.ok) throw new Error(`the sandbox does not tell ${type}: ${await answer.text()}`);
  }
}

/** Waits until nothing is under way any more. */
async function settled(underWay: () => number): Promise<void> {
  for (let round = 0; round < 200 && underWay() > 0; round++) await pause(25);
}

/** A permit that waits for its signature; MaintainX sends the link by e-mail, the sandbox tells it beside its API. */
export async function permitOf({ controlUrl }: Sandbox): Promise<PermitLink | undefined> {
  const answer = await fetch(`${controlUrl}/permits`);
  const permits = answer.ok ? jsonIn(Buffer.from(await answer.arrayBuffer())) : undefined;
  const [{ id, externalLinkUuid } = {}] = objectsOf(permits);
  return typeof id === 'number' && typeof externalLinkUuid === 'string' ? { id, externalLinkUuid } : undefined;
}
