import type { BlobStore } from '../blobs/index.ts';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { uuidv7 } from '../base/uuid.ts';
import type { MaintainxClient } from '../maintainx/index.ts';
import type { ReadTime } from '../records/index.ts';
import type { InboundStore } from './port.ts';
import type { Situation } from './situations.ts';

/** One connection of a tenant to an organisation at MaintainX. */
export interface Site {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly organizationId: string;
  readonly client: MaintainxClient;
  /** What we may send in a minute; 0: no limit. */
  readonly requestsPerMinute: number;
}

/** Everything through which the engine reaches the world. */
export interface EnginePorts {
  readonly store: InboundStore;
  readonly clock: Clock;
  readonly random: Random;
  /** Where the bytes of files are stored. */
  readonly blobs: BlobStore;
  /** The tenant's connection to one organisation; undefined: it was ended. */
  readonly siteOf: (tenantId: string, organizationId: string) => Promise<Site | undefined>;
  readonly log: (message: string, details?: Record<string, unknown>) => void;
  /** Tells a person of what does not mend itself. */
  readonly alarm: (message: string, details?: Record<string, unknown>) => void;
  /** Counts the rarer moments of the engine. */
  readonly noticed: (situation: Situation) => void;
}

/** How often and how far the engine looks; milliseconds. */
export interface EngineTimes {
  readonly pollIntervalMs: number;
  readonly pollOverlapMs: number;
  readonly sweepIntervalMs: number;
  readonly rereadIntervalMs: number;
  /** Percent of the quota that polls, sweeps and re-reads may take; the latter two come more seldom where it is too little. */
  readonly upkeepShare: number;
  /** After polling was interrupted for so long, everything is swept once. */
  readonly catchUpAfterMs: number;
  /** After the key or a permission changed, nothing counts as deleted for so long. */
  readonly tombstoneHoldMs: number;
  /** When webhooks tell of so many records of a kind at once, pages of its list are read instead of each record. */
  readonly surgeRecords: number;
}

export const newId = (ports: Pick<EnginePorts, 'clock' | 'random'>): string => uuidv7(ports.clock.now(), ports.random);

/** Reads something, with the tickets that order this read against all others. */
export async function timedRead<Result>(
  ports: Pick<EnginePorts, 'store' | 'clock'>,
  read: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly time: ReadTime }> {
  const began = await ports.store.nextTicket();
  const result = await read();
  const ended = await ports.store.nextTicket();
  return { result, time: { began, ended, at: ports.clock.now() } };
}
