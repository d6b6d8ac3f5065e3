import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { ALL_ROLES, createToken, type Role } from '../../src/access/index.ts';
import { carryOut, INSTALLATION } from '../../src/administration/index.ts';
import { heldRecord } from '../held-record.ts';
import { testRoutePorts } from '../route-ports.ts';
import { createApp, type RoutePorts } from '../../src/api/index.ts';
import type { ApiRoute } from '../../src/api/route.ts';
import { apiRoutes } from '../../src/api/routes.ts';
import { contentHash } from '../../src/base/hash.ts';
import { Secret } from '../../src/base/secret.ts';
import type { FileOwner } from '../../src/files/index.ts';
import { blobKeyOf } from '../../src/inbound/index.ts';
import { insertOrganizationLanes, insertTenantLanes } from '../../src/jobs/index.ts';
import { recordStream } from '../../src/log/index.ts';
import type { Database } from '../../src/postgres/index.ts';
import { insertConnection, insertTenant } from '../../src/tenants/index.ts';

/** Who asks. */
export interface Person {
  /** What it sends; undefined: nothing. */
  readonly token: string | undefined;
  readonly role: Role | null;
  /** Null: the installation's, or nobody's. */
  readonly plant: Plant | null;
}

/** One tenant with something of everything that an API could show. */
export interface Plant {
  readonly tenantId: string;
  readonly name: string;
  /** Stands in everything that is the tenant's. */
  readonly canary: string;
  readonly recordId: string;
  readonly deliveryId: string;
  /** Of nobody who asks here: they may be ended. */
  readonly tokenIds: string[];
}

export interface World {
  readonly app: FastifyInstance;
  readonly routes: readonly ApiRoute[];
  readonly plants: readonly Plant[];
  readonly people: readonly Person[];
  /** Everything that was logged. */
  readonly logged: readonly string[];
  close(): Promise<void>;
}

const NOW = Date.UTC(2026, 10, 30, 12);
const PLANTS = 4;
const SPARE_TOKENS = 40;

/** Some tenants side by side, an API over them, and everybody who could ask. */
export async function openWorld(
  database: Database,
  masterKey: Secret,
  { requestsPerMinute = 1_000_000 } = {},
): Promise<World> {
  const ports = testRoutePorts({ database, masterKey, now: NOW, requestsPerMinute });
  await database.directory.query("select prepare_delivery_days('2026-11-30', '2026-12-01')");
  const plants: Plant[] = [];
  for (let nth = 0; nth < PLANTS; nth++) plants.push(await makePlant(ports, nth));
  const people: Person[] = [
    { token: undefined, role: null, plant: null },
    { token: `mw_${'a'.repeat(43)}`, role: null, plant: null },
    { token: await tokenOf(ports, null, 'admin'), role: 'admin', plant: null },
  ];
  for (const plant of plants)
    for (const role of ALL_ROLES.filter((one) => one !== 'admin'))
      people.push({ token: await tokenOf(ports, plant.tenantId, role), role, plant });
  const logged: string[] = [];
  const app = await createApp({
    logger: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
    intake: undefined,
    publicUrl: undefined,
    ready: () => Promise.resolve(),
    health: () => Promise.resolve({}),
    routes: ports,
  });
  return { app, routes: apiRoutes(ports), plants, people, logged, close: () => app.close() };
}

async function tokenOf({ database }: RoutePorts, tenantId: string | null, role: Role): Promise<string> {
  const given = { tokenId: randomUUID(), tenantId, name: role, role, scopes: null, expiresAt: null };
  return (await createToken(database.directory, given, NOW)).reveal();
}

async function makePlant(ports: RoutePorts, nth: number): Promise<Plant> {
  const { database, vault } = ports;
  const canary = `canary-${nth}-${randomUUID()}`;
  const plant: Plant = {
    tenantId: randomUUID(),
    name: `plant-${nth}-${randomUUID().slice(0, 8)}`,
    canary,
    recordId: String(7_000 + nth),
    deliveryId: randomUUID(),
    tokenIds: Array.from({ length: SPARE_TOKENS }, () => randomUUID()),
  };
  await database.withTenant(plant.tenantId, async (tx) => {
    await insertTenant(tx, plant.name, NOW);
    await vault.admit(tx, NOW);
    const connection = {
      connectionId: randomUUID(),
      organizationId: String(100 + nth),
      organizationName: canary,
      sendsOrganization: false,
      apiKey: new Secret(`secret-${canary}`),
      principal: canary,
    };
    await insertConnection(tx, vault, connection, NOW);
    await insertTenantLanes(tx, NOW);
    await insertOrganizationLanes(tx, connection.organizationId, NOW);
  });
  for (const tokenId of plant.tokenIds)
    await createToken(
      database.directory,
      { tokenId, tenantId: plant.tenantId, name: canary, role: 'viewer', scopes: null, expiresAt: null },
      NOW,
    );
  await fill(ports, plant, String(100 + nth));
  return plant;
}

async function fill(ports: RoutePorts, plant: Plant, organizationId: string): Promise<void> {
  const { database, store, clock } = ports;
  const { tenantId, canary, recordId, deliveryId } = plant;
  const body = Buffer.from(JSON.stringify({ canary }));
  await store.accept([
    {
      tenantId,
      deliveryId,
      subscriptionId: randomUUID(),
      eventType: 'NEW_ASSET',
      body,
      signedAt: NOW,
      uriSignature: 'valid',
      receivedAt: NOW,
    },
  ]);
  await store.transact(tenantId, async (tx) => {
    await tx.records.write([heldRecord({ organizationId, kind: 'asset', recordId }, NOW, { state: { name: canary } })]);
    await tx.log.append([
      {
        eventId: randomUUID(),
        stream: recordStream('asset', organizationId, recordId),
        version: 1,
        family: 'state',
        type: 'asset.appeared',
        occurredAt: NOW,
        recordedAt: NOW,
        data: JSON.stringify({ name: canary }),
        actor: null,
        factKey: null,
        explainedBy: [],
      },
    ]);
  });
  await attach(ports, plant, { organizationId, kind: 'asset', recordId });
  const by = { actor: canary, origin: 'test' };
  const deed = { target: canary, before: null, after: canary, answer: null };
  await carryOut({ database, clock }, { ...by, tenantId, action: 'planted' }, () => Promise.resolve(deed));
  await carryOut({ database, clock }, { ...by, actor: 'installation', tenantId: INSTALLATION, action: 'planted' }, () =>
    Promise.resolve({ ...deed, target: plant.name }),
  );
}

/** Under this path each record has a file. */
export const FILE_PATH = '/files/manual.pdf';

async function attach({ store, blobs }: RoutePorts, { tenantId, canary }: Plant, owner: FileOwner): Promise<void> {
  const bytes = Buffer.from(canary);
  const stored = { sha256: contentHash(bytes), bytes: bytes.length, contentType: null };
  await blobs.put(blobKeyOf(tenantId, stored.sha256), { bytes, contentType: null });
  await store.transact(tenantId, async (tx) => {
    await tx.files.note([{ owner, files: [{ path: FILE_PATH, fileName: canary, mimeType: null }] }], NOW);
    await tx.files.keep(owner, FILE_PATH, stored, NOW);
  });
}

/** The token of somebody of the plant, or of the administrator. */
export const tokenIn = ({ people }: World, role: Role, of: Plant): string =>
  people.find((one) => one.role === role && (role === 'admin' || one.plant === of))?.token ?? '';
