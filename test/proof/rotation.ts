import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { benchServer, freshDatabase, type FreshDatabase } from '../../bench/fresh-database.ts';
import { Secret } from '../../src/base/secret.ts';
import { readConfig } from '../../src/config.ts';
import { createLogger, openInstallation, type Installation } from '../../src/server.ts';
import { insertConnection, insertTenant, listTenants, openConnection } from '../../src/tenants/index.ts';
import { freePort, runCommand, startCommand, stop, temporaryFolder } from './gateway.ts';
import { postHook, signatureOf, statusBody, statusTargetOf, type Target } from './hook-target.ts';
import { idsOf, pause } from './plant.ts';
import { keepResult } from './result.ts';
import { objectIn, textIn } from './shapes.ts';

export interface RotationOptions {
  readonly tenants: number;
  readonly hooksPerSecond: number;
  readonly kills: number;
  readonly canaries: number;
}

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/**
 * The master key is replaced while webhooks come in, by a command that is killed again and again: nothing may be turned away, every
 * secret must be readable afterwards with the new key alone, and no secret may stand in a log, an answer, or a dump.
 */
export async function proveRotation(options: RotationOptions): Promise<void> {
  const { url: server, release } = await benchServer();
  const database = await freshDatabase(server);
  const folder = temporaryFolder();
  const limits = ['--requests-per-minute', '0', '--organisation-requests-per-minute', '0'];
  const sandbox = await startCommand(['sandbox', '--port', '0', '--rate', '0', ...limits], {});
  const told = objectIn(sandbox.said);
  const port = await freePort();
  const keyFile = join(folder.path, 'master.key');
  writeFileSync(keyFile, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  const oldKey = readFileSync(keyFile, 'utf8').trim();
  const admin = randomBytes(32).toString('base64url');
  const logFile = join(folder.path, 'log');
  const env = {
    DATABASE_URL: database.url,
    MILLWRIGHT_MASTER_KEY_FILE: keyFile,
    MILLWRIGHT_ADMIN_TOKEN: admin,
    MILLWRIGHT_PUBLIC_URL: `http://127.0.0.1:${port}`,
    MILLWRIGHT_REQUESTS_PER_MINUTE: '0',
    MAINTAINX_BASE_URL: textIn(told, 'url'),
    PORT: String(port),
    LOG_LEVEL: 'trace',
  };
  const gateway = await startCommand(['start'], env, logFile);
  try {
    const apiKeyFile = join(folder.path, 'key');
    writeFileSync(apiKeyFile, textIn(told, 'apiKey'));
    await runCommand(['tenant', 'add', '--name', 'plant', '--api-key-file', apiKeyFile], {
      ...env,
      LOG_LEVEL: 'fatal',
    });
    await runCommand(['sync', 'status', '--wait', '--timeout', '120'], { ...env, LOG_LEVEL: 'fatal' });
    const canaries = Array.from({ length: options.canaries }, () => `canary_${randomBytes(24).toString('base64url')}`);
    await plantTenants(env, options.tenants, canaries);
    const target = await statusTargetOf(textIn(told, 'controlUrl'));
    const sender = startSending(target, await idsOf(textIn(told, 'controlUrl'), 'work-order'), options.hooksPerSecond);
    const killed = await rotateAndKill(database, env, options.kills);
    await pause(1_000);
    const statuses = await sender();
    const answers = await answersOf(env.MILLWRIGHT_PUBLIC_URL, admin, canaries);
    const unreadable = await unreadableWith(env);
    const secrets = [
      ...canaries,
      oldKey,
      readFileSync(keyFile, 'utf8').trim(),
      target.secret,
      textIn(told, 'apiKey'),
      admin,
    ];
    const leaks = leaksOf(secrets, [answers, readFileSync(logFile, 'utf8'), await dumpOf(database)]);
    const { rows } = await database.client.query<{ master_key_id: string }>(
      'select distinct master_key_id from tenant_keys',
    );
    const isOldGone = !readFileSync(keyFile, 'utf8').includes(oldKey) && rows.length === 1;
    const rejected = Object.entries(statuses).reduce((sum, [status, count]) => sum + (status === '202' ? 0 : count), 0);
    const holds = rejected === 0 && unreadable === 0 && isOldGone && leaks.length === 0 && killed.inTheMiddle > 0;
    keepResult('rotation', holds, {
      ...options,
      ...killed,
      statuses,
      unreadable,
      isOldGone,
      secrets: secrets.length,
      leaks,
    });
  } finally {
    await stop(gateway, 'SIGTERM');
    await stop(sandbox, 'SIGTERM');
    await database.drop();
    await release();
    folder.remove();
  }
}

const opened = (env: Readonly<Record<string, string>>): Promise<Installation> =>
  openInstallation(readConfig(env), createLogger('silent'));

/** Tenants with a secret each, of whom nothing else is wanted. */
async function plantTenants(
  env: Readonly<Record<string, string>>,
  tenants: number,
  canaries: readonly string[],
): Promise<void> {
  const installation = await opened(env);
  const { database, vault } = installation;
  for (let nth = 0; nth < tenants; nth++)
    await database.withTenant(randomUUID(), async (tx) => {
      await insertTenant(tx, `silent-${nth}`, Date.now());
      await vault.admit(tx, Date.now());
      const connection = {
        connectionId: randomUUID(),
        organizationId: String(nth),
        organizationName: `plant ${nth}`,
        sendsOrganization: false,
        apiKey: new Secret(canaries[nth % canaries.length] ?? ''),
        principal: null,
      };
      await insertConnection(tx, vault, connection, Date.now());
    });
  await installation.close();
}

interface Killed {
  readonly kills: number;
  /** Of them, how many left some data keys wrapped by the one master key and some by the other. */
  readonly inTheMiddle: number;
}

/** Starts the rotation and kills it, again and again, and then lets one come to its end. */
async function rotateAndKill(
  { client }: FreshDatabase,
  env: Readonly<Record<string, string>>,
  kills: number,
): Promise<Killed> {
  let inTheMiddle = 0;
  const oldId =
    (await client.query<{ id: string }>('select min(master_key_id) as id from tenant_keys')).rows[0]?.id ?? '';
  for (let nth = 0; nth < kills; nth++) {
    const child = spawn(process.execPath, [MAIN, 'keys', 'rotate'], {
      env: { ...process.env, ...env, LOG_LEVEL: 'fatal' },
      stdio: 'ignore',
    });
    const gone = once(child, 'exit');
    const wrapped = async (): Promise<number> =>
      (await client.query<{ count: number }>(WRAPPED_OTHERWISE, [oldId])).rows[0]?.count ?? 0;
    const before = await wrapped();
    const deadline = performance.now() + 10_000;
    while ((await wrapped()) === before && performance.now() < deadline) await pause(2);
    await pause(Math.random() * 40);
    child.kill('SIGKILL');
    await gone;
    const { rows } = await client.query('select distinct master_key_id from tenant_keys');
    if (rows.length > 1) inTheMiddle++;
  }
  await runCommand(['keys', 'rotate'], { ...env, LOG_LEVEL: 'fatal' });
  return { kills, inTheMiddle };
}

const WRAPPED_OTHERWISE = 'select count(*)::int as count from tenant_keys where master_key_id <> $1';

function startSending(
  target: Target,
  workOrders: readonly number[],
  perSecond: number,
): () => Promise<Readonly<Record<string, number>>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const statuses: Record<string, number> = {};
  const underWay = new Set<Promise<void>>();
  const began = performance.now();
  let sent = 0;
  const one = async (): Promise<void> => {
    const nth = ++sent;
    const body = statusBody(workOrders, nth);
    const status = await postHook(agent, target, Buffer.from(body), signatureOf(target, body), 10_000);
    statuses[status] = (statuses[status] ?? 0) + 1;
  };
  const timer = setInterval(() => {
    while (sent < ((performance.now() - began) / 1_000) * perSecond) {
      const sending = one();
      underWay.add(sending);
      void sending.finally(() => underWay.delete(sending));
    }
  }, 5);
  return async () => {
    clearInterval(timer);
    await Promise.all(underWay);
    agent.destroy();
    return statuses;
  };
}

/** Secrets that the new key alone does not open, for a process that has just started. */
async function unreadableWith(env: Readonly<Record<string, string>>): Promise<number> {
  const installation = await opened(env);
  let unreadable = 0;
  for (const { tenantId } of await listTenants(installation.database))
    await installation.database
      .withTenant(tenantId, (tx) => openConnection(tx, installation.vault, undefined))
      .catch(() => void unreadable++);
  await installation.close();
  return unreadable;
}

/** What the API says, also to wrong requests that bring secrets along. */
async function answersOf(gateway: string, token: string, canaries: readonly string[]): Promise<string> {
  const texts: string[] = [];
  const ask = async (method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<void> => {
    const answer = await request(`${gateway}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'millwright-tenant': 'plant',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    texts.push(JSON.stringify(answer.headers), await answer.body.text());
  };
  const paths = [
    'tenants',
    'tenant',
    'tenant/settings',
    'tokens',
    'audit',
    'installation/audit',
    'installation/health',
  ];
  for (const path of paths) await ask('GET', `/api/v1/${path}`);
  for (const path of ['/health', '/readyz', '/openapi.json', '/nothing']) await ask('GET', path);
  for (const [nth, apiKey] of canaries.entries()) {
    await ask('POST', '/api/v1/tenants', { name: nth % 2 === 0 ? 'NOT A NAME' : `wrong-${nth}`, apiKey });
    await ask('PUT', '/api/v1/tenant/api-key', { apiKey, more: apiKey });
    await ask('POST', `/hooks/${apiKey}`, { apiKey });
    await ask('GET', `/api/v1/records/${apiKey}`);
  }
  // Paths are the caller's own words, which an answer may repeat.
  return texts.join('\n');
}

/** Every row of every table, as text. */
async function dumpOf({ client }: FreshDatabase): Promise<string> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} t`);
    texts.push(...rows.map(({ row }) => row));
  }
  return texts.join('\n');
}

/** Secrets that stand somewhere, plainly, in hex or in base64. */
function leaksOf(secrets: readonly string[], places: readonly string[]): readonly string[] {
  return secrets.flatMap((secret, nth) => {
    const forms = [
      secret,
      Buffer.from(secret).toString('hex'),
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    ];
    return places.flatMap((place, at) =>
      forms.some((form) => place.includes(form))
        ? [`secret ${nth} in ${['an answer', 'the log', 'the dump'][at] ?? ''}`]
        : [],
    );
  });
}
