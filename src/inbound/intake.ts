import { isCoded } from '../base/coded-error.ts';
import { raise } from '../errors.ts';
import { BODY_SIGNATURE_HEADER, checkSignature, URI_SIGNATURE_HEADER } from '../maintainx/index.ts';
import { createShares } from '../jobs/index.ts';
import { sqlState } from '../postgres/index.ts';
import type { AddressedDelivery, UriSignature } from './delivery.ts';
import { newId, type EnginePorts } from './engine.ts';
import { createGroupCommit } from './group-commit.ts';
import type { HookTargets } from './hook-targets.ts';
import { createWaitingCap } from './waiting-cap.ts';

/** A webhook request, as bytes. */
export interface IncomingHook {
  readonly hookKey: string;
  readonly body: Uint8Array;
  /** The URI under which MaintainX reached us, in full. */
  readonly uri: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Counted since the process started. */
export interface IntakeCounts {
  accepted: number;
  /** Turned away because too much waited. */
  full: number;
  unknownKey: number;
  badSignature: number;
  badUriSignature: number;
}

export interface Intake {
  /**
   * Verifies and durably stores; only then resolves, and a little later for a tenant that floods while others are at work.
   * Nothing that it refuses was stored.
   */
  accept(hook: IncomingHook): Promise<void>;
  readonly counts: Readonly<IntakeCounts>;
}

export interface IntakeOptions {
  readonly ports: Pick<EnginePorts, 'store' | 'clock' | 'random'>;
  readonly targets: HookTargets;
  readonly requireUriSignature: boolean;
  /** Most bytes of one tenant's webhooks that may wait to be processed. */
  readonly waitingBytes: number;
  /** Told when deliveries were stored and a lane of theirs was woken. */
  readonly onStored: () => void;
}

/** Webhooks of one tenant in about a second. */
const TROUBLES_NOBODY = 100;
/**
 * Who sends most of all while others are at work has its webhooks stored and answered together, so often: nothing of it is
 * refused, but who sends as fast as answers come leaves others the room they need.
 */
const TOGETHER_MS = 250;
/** Bodies that wait for that moment. */
const HELD_BYTES = 16 * 1024 * 1024;

export function createIntake(options: IntakeOptions): Intake {
  const { ports, targets, requireUriSignature, onStored } = options;
  const counts: IntakeCounts = { accepted: 0, full: 0, unknownKey: 0, badSignature: 0, badUriSignature: 0 };
  const store = async (deliveries: readonly AddressedDelivery[]): Promise<void> => {
    const { woken } = await ports.store.accept(deliveries);
    void woken.then((isNews) => (isNews ? onStored() : undefined));
  };
  const commit = createGroupCommit({ store, isTheirFault });
  const noteWaiting = createWaitingCap({
    capBytes: options.waitingBytes,
    measure: (tenantId) => ports.store.transact(tenantId, (tx) => tx.deliveries.waitingBytes()),
    now: ports.clock.now,
  });
  const arrivals = createShares(ports.clock.now, TROUBLES_NOBODY);
  let heldBytes = 0;
  /** In the same moment for all of a tenant's webhooks: so they are stored, and looked at, together. Memory is not for that. */
  const together = async (bytes: number, now: number): Promise<void> => {
    if (heldBytes + bytes > HELD_BYTES) return;
    heldBytes += bytes;
    await ports.clock.sleep(TOGETHER_MS - (now % TOGETHER_MS));
    heldBytes -= bytes;
  };
  const keep = async (delivery: AddressedDelivery): Promise<void> => {
    noteWaiting(delivery.tenantId, delivery.body.length);
    await commit.add(delivery);
  };
  return {
    counts,
    accept: async (hook) => {
      const found = targets(hook.hookKey);
      // Most keys are known: no turn of the event loop is spent on those.
      const target = found instanceof Promise ? await found : found;
      if (target === undefined) {
        counts.unknownKey++;
        throw raise('hook-key-unknown', 'no webhook subscription has this key');
      }
      const now = ports.clock.now();
      const secret = target.secret.reveal();
      const body = checkSignature({ header: header(hook, BODY_SIGNATURE_HEADER), payload: hook.body, secret, now });
      if (!body.valid) {
        counts.badSignature++;
        throw raise('signature-invalid', body.explanation, { failed: body.failed });
      }
      const uriSignature = checkUri(hook, secret, now);
      if (uriSignature === 'invalid') counts.badUriSignature++;
      if (requireUriSignature && uriSignature !== 'valid')
        throw raise('signature-invalid', `the URI signature is ${uriSignature}`, { failed: 'uri-signature' });
      const { subscriptionId, eventType, tenantId, fairPerSecond } = target;
      arrivals.add(tenantId, 1);
      if (arrivals.isGreedy(tenantId, fairPerSecond ?? undefined)) await together(hook.body.length, now);
      const signedAt = body.signedAt;
      const delivery = { deliveryId: newId(ports), subscriptionId, eventType, body: hook.body, signedAt };
      await keep({ ...delivery, tenantId, uriSignature, receivedAt: now }).catch((error: unknown) => {
        if (isCoded(error, 'intake-full', 'backlog-full')) counts.full++;
        throw error;
      });
      counts.accepted++;
    },
  };
}

/** Bad data (22) and broken rules (23) are about one of those that were stored together; all else is nobody's fault. */
const isTheirFault = (error: unknown): boolean => /^2[23]/.test(sqlState(error) ?? '');

function checkUri(hook: IncomingHook, secret: string, now: number): UriSignature {
  const given = header(hook, URI_SIGNATURE_HEADER);
  if (given === undefined) return 'absent';
  return checkSignature({ header: given, payload: hook.uri, secret, now }).valid ? 'valid' : 'invalid';
}

function header(hook: IncomingHook, name: string): string | undefined {
  const value = hook.headers[name];
  // Two headers of one name leave open which one was meant.
  return typeof value === 'string' ? value : undefined;
}
