import { afterAll, beforeAll, describe } from 'vitest';
import { seededRandom } from '../src/base/random.ts';
import { uuidv7 } from '../src/base/uuid.ts';
import type { InboundStore } from '../src/inbound/index.ts';
import { keepsAudit } from './store-conformance-audit.ts';
import { keepsContent } from './store-conformance-content.ts';
import { keepsAccess, keepsCursors, keepsRuns, keepsSettings } from './store-conformance-sync.ts';
import { keepsDeliveries } from './store-conformance-deliveries.ts';
import { keepsFiles } from './store-conformance-files.ts';
import { keepsHydrations } from './store-conformance-hydrations.ts';
import { keepsLeases } from './store-conformance-leases.ts';
import { keepsLog } from './store-conformance-log.ts';
import { keepsRecords } from './store-conformance-records.ts';
import { keepsTransactions } from './store-conformance-transactions.ts';

/** One implementation of the store port, and how tenants come into it. */
export interface StoreUnderTest {
  readonly store: InboundStore;
  /** Makes a tenant with all its lanes due at `now`. */
  admit(tenantId: string, now: number): Promise<void>;
  close(): Promise<void>;
}

/** What the promises ask of the store that they are proven on. */
export interface World {
  readonly store: () => InboundStore;
  /** A tenant of its own, with all its lanes due at `now`. */
  readonly tenant: (now?: number) => Promise<string>;
}

/** Everything that the engine relies on, proven on one implementation of the store port. */
export function storeConformance(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`what the engine relies on: ${name}`, () => {
    let made: StoreUnderTest;
    beforeAll(async () => {
      made = await make();
    });
    afterAll(() => made.close());
    const world: World = {
      store: () => made.store,
      tenant: async (now = NOW) => {
        const tenantId = newId();
        await made.admit(tenantId, now);
        return tenantId;
      },
    };
    describe('transactions', () => {
      keepsTransactions(world);
    });
    describe('the log', () => {
      keepsLog(world);
    });
    describe('records', () => {
      keepsRecords(world);
    });
    describe('deliveries', () => {
      keepsDeliveries(world);
    });
    describe('hydrations', () => {
      keepsHydrations(world);
    });
    describe('settings', () => {
      keepsSettings(world);
    });
    describe('access', () => {
      keepsAccess(world);
    });
    describe('cursors', () => {
      keepsCursors(world);
    });
    describe('runs', () => {
      keepsRuns(world);
    });
    describe('files', () => {
      keepsFiles(world);
    });
    describe('audit', () => {
      keepsAudit(world);
    });
    describe('leases', () => {
      keepsLeases(world);
    });
    describe('content', () => {
      keepsContent(world);
    });
  });
}

/** A Wednesday; every time in the suite is near it. */
export const NOW = Date.UTC(2026, 8, 16, 12);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

const random = seededRandom(20_260_916);
let ids = 0;

/** UUIDv7s that sort in the order in which they were asked for. */
export const newId = (): string => uuidv7(NOW + ids++, random);

/** `count` numbers from 1. */
export const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);
