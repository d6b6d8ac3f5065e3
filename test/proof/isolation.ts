import { Secret } from '../../src/base/secret.ts';
import { connect } from '../../src/postgres/index.ts';
import { fixedKeyring, loginKeysOf } from '../../src/vault/index.ts';
import { benchServer, freshDatabase } from '../../bench/fresh-database.ts';
import { interleave } from '../isolation/interleave.ts';
import { diceOf, probe } from '../isolation/probe.ts';
import { openWorld } from '../isolation/world.ts';
import { keepResult } from './result.ts';

export interface IsolationOptions {
  readonly probes: number;
  readonly transactions: number;
}

/** As few connections as there are in a small installation. */
const CONNECTIONS = 4;

/** Tenants see nothing of each other, whoever asks the API for whatever, and however transactions end. */
export async function proveIsolation({ probes, transactions }: IsolationOptions): Promise<void> {
  const { url: server, release } = await benchServer();
  const fresh = await freshDatabase(server);
  const masterKey = new Secret(Buffer.alloc(32, 7).toString('base64'));
  const keys = loginKeysOf(fixedKeyring(masterKey));
  const log = (): void => undefined;
  const database = await connect({ url: new Secret(fresh.url), keys, connections: CONNECTIONS, log });
  const world = await openWorld(database, masterKey);
  try {
    const asked = await probe(world, diceOf(1), probes);
    const tenants = world.plants.map(({ tenantId }) => tenantId);
    const mixed = await interleave(database, tenants, diceOf(2), transactions);
    const holds = asked.faults.length === 0 && mixed.foreign === 0;
    const { faults, ...counted } = asked;
    keepResult('isolation', holds, { ...counted, faults: faults.slice(0, 20), ...mixed });
  } finally {
    await world.close();
    await database.close();
    await fresh.drop();
    await release();
  }
}
