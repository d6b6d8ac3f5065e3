import { isCoded } from '../../src/base/coded-error.ts';
import { raise } from '../../src/errors.ts';
import type { InboundStore, InboundTransaction } from '../../src/inbound/index.ts';
import type { Lease } from '../../src/jobs/index.ts';
import type { EngineProcess } from './engine-process.ts';
import type { LeaseWatch } from './lease-watch.ts';
import type { StoreMishap, StoreTrouble } from './store-trouble.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface ProcessStoreOptions {
  /** The store behind all processes. */
  readonly store: InboundStore;
  readonly process: EngineProcess;
  readonly trouble: StoreTrouble;
  readonly watch: LeaseWatch;
  readonly clock: VirtualClock;
  readonly leaseMs: number;
  readonly onCrash: () => void;
  /** Pauses the process, and resolves when it goes on. */
  readonly onPause: () => Promise<void>;
  readonly struck: (what: string) => void;
  readonly trace: (what: string) => void;
}

type Work<Result> = (tx: InboundTransaction) => Promise<Result>;

/** The store as one process reaches it: it may fail at every call, and answers nobody who is paused or dead. */
export function processStore(options: ProcessStoreOptions): InboundStore {
  const { store, watch, trace } = options;
  const { leases } = store;
  const simple = <Result>(name: string, work: () => Promise<Result>): Promise<Result> => asked(options, name, work);
  return {
    nextTicket: () => simple('ticket', () => store.nextTicket()),
    accept: (deliveries) => simple('accept', () => store.accept(deliveries)),
    transact: (tenantId, work) =>
      asked(options, 'transaction', (mishap) => store.transact(tenantId, (tx) => watched(options, tx, work, mishap))),
    leases: {
      claim: (lane, holder, now, leaseMs, tenantId) =>
        simple('claim', async () => {
          const lease = await leases.claim(lane, holder, now, leaseMs, tenantId);
          if (lease === undefined) return undefined;
          watch.claimed(lease);
          trace(`${options.process.name} claims ${lane} ${lease.epoch}`);
          return lease;
        }),
      renew: (lease, now, leaseMs) => simple('renew', () => leases.renew(lease, now, leaseMs)),
      release: (lease, dueAt) => simple('release', () => leases.release(lease, dueAt)),
    },
  };
}

function asked<Result>(
  options: ProcessStoreOptions,
  name: string,
  work: (mishap: StoreMishap | undefined) => Promise<Result>,
): Promise<Result> {
  const { process, trouble, clock, leaseMs, trace } = options;
  return process.ask(async () => {
    const mishap = trouble.strike(name);
    if (mishap !== undefined) trace(`${process.name} ${name}: ${mishap}`);
    if (mishap === 'crash before') return dead(options);
    if (mishap === 'refused') throw unavailable();
    if (mishap === 'pause before') await options.onPause();
    if (mishap === 'stall before') await clock.sleep(trouble.stallMs(leaseMs));
    const result = await work(mishap).catch((error: unknown) => {
      if (isCoded(error, 'lease-lost')) options.struck('ours: late write refused');
      throw error;
    });
    if (mishap === 'crash after' || mishap === 'crash inside') return dead(options);
    if (mishap === 'done unheard') throw unavailable();
    if (mishap === 'pause after') await options.onPause();
    if (mishap === 'stall after') await clock.sleep(trouble.stallMs(leaseMs));
    return result;
  });
}

const unavailable = (): Error => raise('database-unavailable', 'the connection broke');

function dead({ process, onCrash }: ProcessStoreOptions): never {
  process.kill();
  onCrash();
  throw new Error('the process is dead');
}

/** One transaction: under whose lease it writes is looked at before it is committed. */
async function watched<Result>(
  options: ProcessStoreOptions,
  tx: InboundTransaction,
  work: Work<Result>,
  mishap: StoreMishap | undefined,
): Promise<Result> {
  let lease: Lease | undefined;
  const written = new Set<string>();
  const result = await work({
    ...tx,
    leases: {
      fence: async (fenced) => {
        await tx.leases.fence(fenced);
        lease = fenced;
      },
      wake: (lane, at) => {
        if (!options.trouble.losesWake()) tx.leases.wake(lane, at);
      },
    },
    records: noting(tx.records, written),
    deliveries: noting(tx.deliveries, written),
    hydrations: noting(tx.hydrations, written),
    cursors: noting(tx.cursors, written),
    runs: noting(tx.runs, written),
    settings: noting(tx.settings, written),
    log: noting(tx.log, written),
  });
  if (mishap === 'rolled back') throw unavailable();
  if (mishap === 'crash inside') dead(options);
  options.watch.commits(lease, written);
  return result;
}

const WRITES: ReadonlySet<string> = new Set([
  'write',
  'settle',
  'want',
  'fulfil',
  'postpone',
  'park',
  'hold',
  'dropHeld',
  'dropDetails',
  'doubt',
  'saveWatermark',
  'attempted',
  'save',
  'surveyed',
  'finish',
  'meet',
  'forgetMet',
  'append',
]);

/** Notes which statements that write were used. */
function noting<Statements extends object>(statements: Statements, written: Set<string>): Statements {
  return new Proxy(statements, {
    get: (target, name, receiver) => {
      if (typeof name === 'string' && WRITES.has(name)) written.add(name);
      return Reflect.get(target, name, receiver);
    },
  });
}
