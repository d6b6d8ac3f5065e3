import { sha256 } from '../../src/base/hash.ts';
import { Secret } from '../../src/base/secret.ts';
import { isCoded } from '../../src/base/coded-error.ts';
import { WANTED_EVENTS, type HookTarget, type IncomingHook } from '../../src/inbound/index.ts';
import { HOOK_EVENTS, kindEntry, type HookEvent } from '../../src/maintainx/index.ts';
import type { StoredEvent } from '../../src/log/index.ts';
import type { FaultEntry } from '../../src/sandbox/faults/fault-log.ts';
import type { InProcessSandbox } from '../../src/sandbox/in-process.ts';
import type { HookHeaders, HookPost } from '../../src/sandbox/hooks/hook-post.ts';
import type { Dice } from '../../src/sandbox/seed/dice.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface HookWayOptions {
  readonly clock: VirtualClock;
  readonly dice: Dice;
  readonly transitMs: readonly [least: number, most: number];
  /** A process that runs takes it; undefined: none does. Rejects with what the process would answer. */
  readonly receive: (hook: IncomingHook) => Promise<void> | undefined;
  readonly trace: (what: string) => void;
}

/** Named like creations, and none, or of a kind whose list does not tell when a record came to be. */
const OTHER_NEWS: ReadonlySet<string> = new Set([
  'NEW_COMMENT_ON_WORK_ORDER',
  'NEW_CATEGORY_ON_WORK_ORDER',
  'NEW_SLASH_COMMAND',
  ...WANTED_EVENTS.filter((event) =>
    HOOK_EVENTS[event].records.some(({ kind }) => !kindEntry(kind).list.fields.includes('createdAt')),
  ),
]);

/** The shape of an id of ours, the same in every run. */
export const subscriptionIdOf = (eventType: HookEvent): string =>
  `00000000-0000-7000-9000-${sha256(eventType).toString('hex').slice(0, 12)}`;

/** MaintainX gives up on a receiver after this time. */
const TIMEOUT_MS = 10_000;

/** The webhooks' way to whichever process runs, without sockets; it remembers what was sent and what was answered 2xx. */
export class HookWay implements HookPost {
  readonly #options: HookWayOptions;
  readonly #sent = new Set<string>();
  readonly #acknowledged = new Set<string>();
  readonly #targets = new Map<string, HookTarget>();
  readonly #creations = { told: new Set<string>(), dropped: 0 };
  #organizationId = '';

  constructor(options: HookWayOptions) {
    this.#options = options;
  }

  /** Subscribes to every event that a gateway wants; the event's name is the hook key. */
  subscribe(sandbox: InProcessSandbox, tenantId: string): void {
    this.#organizationId = String(sandbox.organizationId);
    for (const eventType of WANTED_EVENTS) {
      const { secret } = sandbox.subscribe(eventType, `http://gateway/hooks/${eventType}`);
      const subscriptionId = subscriptionIdOf(eventType);
      this.#targets.set(eventType, {
        tenantId,
        subscriptionId,
        eventType,
        fairPerSecond: null,
        secret: new Secret(secret),
      });
    }
  }

  readonly targetOf = (hookKey: string): Promise<HookTarget | undefined> => Promise.resolve(this.#targets.get(hookKey));

  async post(url: URL, headers: HookHeaders, body: string): Promise<number> {
    const { clock, dice, transitMs, trace } = this.#options;
    const eventType = url.pathname.slice('/hooks/'.length);
    const name = this.#nameOf(eventType, body);
    this.#sent.add(name);
    if (eventType.startsWith('NEW_') && !OTHER_NEWS.has(eventType)) this.#creations.told.add(name);
    await clock.sleep(dice.whole(...transitMs));
    const status = await this.#answerTo({
      hookKey: eventType,
      body: Buffer.from(body),
      uri: url.toString(),
      headers: Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, String(value)])),
    });
    trace(`webhook ${eventType} -> ${status}`);
    if (status === 202) this.#acknowledged.add(name);
    return status;
  }

  /** Notes the webhooks that the sandbox did not send. */
  noteDropped(log: readonly FaultEntry[]): void {
    this.#creations.dropped += log.filter(
      (one) => one.fault === 'dropHook' && one.event?.startsWith('NEW_') === true && !OTHER_NEWS.has(one.event),
    ).length;
  }

  /** How many records came to be, and of how many a webhook was sent. */
  creations(): { readonly happened: number; readonly told: number } {
    const { told, dropped } = this.#creations;
    return { happened: told.size + dropped, told: told.size };
  }

  close(): void {
    this.#targets.clear();
  }

  /** What was answered 2xx and is no fact or two of them, and facts that nobody told. */
  contradictionsIn(events: readonly StoredEvent[]): readonly string[] {
    const facts = events.flatMap(({ factKey }) => (factKey === null ? [] : [factKey.toString('hex')]));
    const kept = new Set(facts);
    const lost = [...this.#acknowledged].filter((name) => !kept.has(name)).length;
    const invented = [...kept].filter((name) => !this.#sent.has(name)).length;
    return [
      ...(lost === 0 ? [] : [`${lost} of ${this.#acknowledged.size} webhooks that were answered 2xx are no fact`]),
      ...(facts.length === kept.size ? [] : [`${facts.length - kept.size} facts are in the log twice`]),
      ...(invented === 0 ? [] : [`${invented} facts were told by nobody`]),
    ];
  }

  /** As the gateway names facts. */
  #nameOf(eventType: string, body: string): string {
    return sha256(this.#organizationId, eventType, Buffer.from(body)).toString('hex');
  }

  async #answerTo(hook: IncomingHook): Promise<number> {
    const { clock, receive } = this.#options;
    const taken = receive(hook);
    if (taken === undefined) throw new Error('connection refused');
    const done = new AbortController();
    const deadline = clock.sleep(TIMEOUT_MS, done.signal).then(() => 'too late' as const);
    try {
      const first = await Promise.race([taken, deadline]);
      if (first === 'too late') throw new Error('timed out');
      return 202;
    } catch (error) {
      if (isCoded(error, 'signature-invalid')) return 401;
      if (isCoded(error)) return 503;
      throw error;
    } finally {
      done.abort('answered');
    }
  }
}
