import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { accountFor, isRoot } from './account.ts';
import { attachEmbedded, type EmbeddedServer } from './attach.ts';
import { exists } from '../../base/durable.ts';
import { sharedBuffers } from './memory.ts';
import type { Account } from './program.ts';
import { readPostmasterFile } from './postmaster.ts';
import { readRecord } from './record.ts';

/** Folders made here, and what else has to go at the end. */
const made = new Set<string>();
const children = new Set<ChildProcess>();

/** A folder that every account can enter, as a project's usually is, and in it the data folder, not yet made. */
async function project(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'millwright-embedded-'));
  await chmod(folder, 0o755);
  made.add(folder);
  return join(folder, '.millwright');
}

const quiet = (): void => undefined;
const attached: EmbeddedServer[] = [];
async function attach(dataDir: string, log: (message: string) => void = quiet): Promise<EmbeddedServer> {
  const server = await attachEmbedded({ dataDir, log });
  attached.push(server);
  return server;
}

/** Most tests use one folder, each from stopped server to stopped server: a first start takes a second. */
let shared = '';
beforeAll(async () => {
  shared = await project();
  const server = await attach(shared);
  await ask(server, 'create table memory as select 42 as answer');
  await server.release();
});

afterEach(async () => {
  for (const one of children) one.kill('SIGKILL');
  await Promise.all([...children].map(ended));
  await Promise.all(attached.splice(0).map((server) => server.release().catch(quiet)));
});

async function clusterOf(dataDir: string): Promise<string> {
  const record = await readRecord(dataDir);
  if (record === undefined) throw new Error(`no record in ${dataDir}`);
  return join(dataDir.startsWith('/') && !record.directory.startsWith('/') ? dataDir : '', record.directory, 'cluster');
}

async function postmasterOf(dataDir: string): Promise<number | undefined> {
  return (await readPostmasterFile(await clusterOf(dataDir)))?.pid;
}

async function ask<Row extends object>(server: { url: string }, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: server.url });
  client.on('error', quiet);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end().catch(quiet);
  }
}

const recall = (server: EmbeddedServer): Promise<unknown> => ask(server, 'select answer from memory');
const MEMORY = [{ answer: 42 }];

interface Child {
  readonly process: ChildProcess;
  readonly url: string;
  /** Lets it come to its end, and waits for its exit code. */
  finish(): Promise<number | null>;
  kill(): Promise<void>;
}

interface How {
  readonly account?: Account;
  /** False: it just has nothing more to do. */
  readonly release?: false;
}

/** Another process that attaches. */
async function child(dataDir: string, how: How = {}): Promise<Child> {
  const started = startChild(dataDir, how);
  const url = await firstLine(started);
  return {
    process: started,
    url,
    finish: () => {
      started.stdin?.end();
      return ended(started);
    },
    kill: async () => {
      started.kill('SIGKILL');
      await ended(started);
    },
  };
}

function startChild(dataDir: string, how: How = {}): ChildProcess {
  const program = `
    const { attachEmbedded } = await import(${JSON.stringify(new URL('./attach.ts', import.meta.url).href)});
    const server = await attachEmbedded({ dataDir: ${JSON.stringify(dataDir)}, log: () => undefined });
    console.log(server.url);
    for await (const _ of process.stdin);
    if (${how.release !== false}) await server.release();`;
  const started = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['pipe', 'pipe', 'ignore'],
    cwd: '/',
    ...(how.account === undefined ? {} : { uid: how.account.uid, gid: how.account.gid }),
  });
  children.add(started);
  return started;
}

async function firstLine(of: ChildProcess): Promise<string> {
  if (of.stdout === null) throw new Error('no output');
  for await (const line of createInterface({ input: of.stdout })) return line;
  throw new Error('the process ended without attaching');
}

async function ended(of: ChildProcess): Promise<number | null> {
  if (of.exitCode === null && of.signalCode === null) await new Promise((resolve) => of.once('exit', resolve));
  return of.exitCode;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it did not happen within 4 seconds');
}

/** Only servers in folders made here, found by their own files, are killed. */
async function clean(dataDir: string): Promise<void> {
  if (!(await exists(join(dataDir, 'postgres.json')))) return;
  const cluster = await clusterOf(dataDir);
  const pid = (await readPostmasterFile(cluster))?.pid;
  if (pid !== undefined && pid !== process.pid) killed(pid);
  if (cluster.startsWith('/var/lib/millwright/data-'))
    await rm(dirname(dirname(cluster)), { recursive: true, force: true });
}

function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended
  }
}

afterAll(async () => {
  for (const folder of made) {
    for (const name of await readdir(folder)) await clean(join(folder, name));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});

describe('one folder', () => {
  test('is shared until the last one leaves, and keeps its data', async () => {
    const first = await attach(shared);
    const second = await attach(shared);
    expect(second.url).toBe(first.url);
    await first.release();
    await first.release();
    expect(await recall(second)).toEqual(MEMORY);
    await second.release();
    expect(await postmasterOf(shared)).toBeUndefined();
    const third = await attach(shared);
    expect(await recall(third)).toEqual(MEMORY);
    await third.release();
  });

  test('serves UTF-8 in UTC, safely on disk, to people with a password only', async () => {
    const server = await attach(shared);
    const settings = ['server_encoding', 'timezone', 'fsync', 'listen_addresses', 'unix_socket_directories'];
    const [row] = await ask<{ values: string[] }>(
      server,
      `select array_agg(current_setting(name)) as values from unnest('{${settings.join()}}'::text[]) name`,
    );
    expect(row?.values).toEqual(['UTF8', 'UTC', 'on', '127.0.0.1', '']);
    expect(await ask(server, `select upper('zürich') as upper, 'Z' < 'a' as "byCode"`)).toEqual([
      { upper: 'ZÜRICH', byCode: true },
    ]);
    const [buffers] = await ask<{ mib: number }>(
      server,
      `select setting::int / 128 as mib from pg_settings where name = 'shared_buffers'`,
    );
    expect(buffers?.mib).toBe(sharedBuffers());
    const stranger = server.url.replace(/:[^:@/]+@/, ':guess@');
    await expect(ask({ url: stranger }, 'select 1')).rejects.toThrow(/password authentication failed/);
    await server.release();
  });

  test('is made once when two processes come first at the same moment', async () => {
    const dataDir = await project();
    const [first, second] = await Promise.all([child(dataDir), child(dataDir)]);
    expect(first.url).toBe(second.url);
    expect(await Promise.all([first.finish(), second.finish()])).toEqual([0, 0]);
    expect(await postmasterOf(dataDir)).toBeUndefined();
  });

  test('can be attached to while it is being stopped', async () => {
    let server = await attach(shared);
    for (let round = 0; round < 4; round++) {
      const [next] = await Promise.all([attach(shared), server.release()]);
      expect(await recall(next)).toEqual(MEMORY);
      server = next;
    }
    await server.release();
  });

  test('is remade when a first start was killed half-way', async () => {
    const dataDir = await project();
    const victim = startChild(dataDir);
    const directory = join(dataDir, 'postgres');
    const halfMade = async (): Promise<string[]> =>
      (await readdir(directory).catch(() => [])).filter((name) => name.startsWith('making-'));
    await until(async () => {
      const [name = '-'] = await halfMade();
      return exists(join(directory, name, 'cluster', 'base'));
    });
    victim.kill('SIGKILL');
    await ended(victim);
    expect(await halfMade()).toHaveLength(1);
    const server = await attach(dataDir);
    expect(await ask(server, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.release();
    await (await attach(dataDir)).release();
    expect(await halfMade()).toEqual([]);
  });
});

describe('after a kill -9', () => {
  test('of the process, the next one adopts the server', async () => {
    const victim = await child(shared);
    const pid = await postmasterOf(shared);
    await victim.kill();
    const heir = await attach(shared);
    expect(heir.url).toBe(victim.url);
    expect(await postmasterOf(shared)).toBe(pid);
    // The server hears of the death a moment later.
    const here = "select from pg_locks where locktype = 'advisory' and mode = 'ShareLock'";
    await vi.waitUntil(async () => (await ask(heir, here)).length === 1, { timeout: 10_000 });
    await heir.release();
    expect(await postmasterOf(shared)).toBeUndefined();
  });

  test('of the server, the next start recovers, at the same address for those who were there', async () => {
    const survivor = await attach(shared);
    const pid = (await postmasterOf(shared)) ?? 0;
    process.kill(pid, 'SIGKILL');
    const visitor = await attach(shared);
    expect(await postmasterOf(shared)).not.toBe(pid);
    expect(visitor.url).toBe(survivor.url);
    expect(await recall(survivor)).toEqual(MEMORY);
    await presences(visitor, 2);
    await visitor.release();
    expect(await recall(survivor)).toEqual(MEMORY);
    await survivor.release();
    expect(await postmasterOf(shared)).toBeUndefined();
  });

  test('of one backend, which ends all sessions, a process is present again', async () => {
    const survivor = await attach(shared);
    await presences(survivor, 1);
    const present = (): Promise<{ pid: number }[]> =>
      ask<{ pid: number }>(survivor, "select pid from pg_locks where locktype = 'advisory' and mode = 'ShareLock'");
    const [first] = await present();
    process.kill(first?.pid ?? 0, 'SIGKILL');
    // Until the server has noticed, the old session still counts: wait for another one.
    await until(async () => (await present().catch(() => [])).some(({ pid }) => pid !== first?.pid));
    const visitor = await attach(shared);
    await visitor.release();
    expect(await ask(survivor, 'select 1 as one')).toEqual([{ one: 1 }]);
    await survivor.release();
  });

  test('of the server, a pid that is now somebody else’s does not stand in the way', async () => {
    const before = await attach(shared);
    const file = join(await clusterOf(shared), 'postmaster.pid');
    const text = await readFile(file, 'utf8');
    process.kill(Number.parseInt(text, 10), 'SIGKILL');
    await writeFile(file, text.replace(/^\d+/, String(process.pid)));
    const after = await attach(shared);
    expect(await recall(after)).toEqual(MEMORY);
    await Promise.all([before.release(), after.release()]);
  });
});

async function count(server: { url: string }): Promise<number> {
  const held = "select 1 from pg_locks where locktype = 'advisory' and mode = 'ShareLock' and granted";
  return (await ask(server, held)).length;
}

const presences = (server: { url: string }, wanted: number): Promise<void> =>
  until(async () => (await count(server)) === wanted);

describe('a process', () => {
  test('that has nothing else to do ends, with or without the server', async () => {
    const one = await child(shared, { release: false });
    expect(await one.finish()).toBe(0);
    const other = await child(shared, { release: false });
    process.kill((await postmasterOf(shared)) ?? 0, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 300)); // it has tried to come back
    expect(await other.finish()).toBe(0);
    await (await attach(shared)).release();
  });

  test.skipIf(!isRoot())(
    'without root keeps everything in its folder (needs root to become somebody else)',
    async () => {
      const dataDir = await project();
      const account = await accountFor(dataDir);
      await mkdir(dataDir);
      await chown(dataDir, account?.uid ?? 0, account?.gid ?? 0);
      const other = await child(dataDir, account === undefined ? {} : { account });
      expect(await clusterOf(dataDir)).toBe(join(dataDir, 'postgres', 'cluster'));
      // Root may join what belongs to somebody else, and leaves it to them.
      const root = await attach(dataDir);
      expect(root.url).toBe(other.url);
      expect(await other.finish()).toBe(0);
      await root.release();
      const again = await child(dataDir, account === undefined ? {} : { account });
      expect(await again.finish()).toBe(0);
    },
  );
});

describe('a copied folder', () => {
  test('never uses the database of the original', async () => {
    const first = await attach(shared);
    await first.release();
    const copy = `${shared}-copy`;
    await cp(shared, copy, { recursive: true });
    if (isRoot()) await giveAway(join(copy, 'postgres'), await accountFor(join(shared, 'postgres')));
    const original = await attach(shared);
    // As if it had been copied while the original ran: its password is right and its file names a living server.
    await cp(join(await clusterOf(shared), 'postmaster.pid'), join(await clusterOf(copy), 'postmaster.pid'));
    const twin = await attach(copy);
    expect(twin.url).not.toBe(original.url);
    await ask(twin, 'update memory set answer = 43');
    expect(await recall(original)).toEqual(MEMORY);
    await Promise.all([twin.release(), original.release()]);
  });
});

async function giveAway(path: string, account: Account | undefined): Promise<void> {
  if (account === undefined) return;
  await chown(path, account.uid, account.gid);
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true }))
    await chown(join(entry.parentPath, entry.name), account.uid, account.gid);
}

describe.skipIf(!isRoot())('as root, under a folder that is closed to others (needs root)', () => {
  test('the data lives outside, and follows a move but not a copy', async () => {
    const dataDir = await project();
    const folder = dirname(dataDir);
    await chmod(folder, 0o700);
    const said: string[] = [];
    const log = (message: string): void => void said.push(message);
    const server = await attach(dataDir, log);
    expect(await clusterOf(dataDir)).toMatch(/^\/var\/lib\/millwright\/data-/);
    expect(said[0]).toMatch(/may not enter .* the database lives in \/var\/lib\/millwright\/data-/);
    await ask(server, 'create table memory as select 42 as answer');

    const copy = join(folder, 'copy');
    await cp(dataDir, copy, { recursive: true });
    const twin = await attach(copy, log);
    await expect(recall(twin)).rejects.toThrow(/does not exist/);
    expect(said.join('\n')).toMatch(/is a copy of/);
    await twin.release();
    await server.release();

    await rename(dataDir, join(folder, 'moved'));
    const moved = await attach(join(folder, 'moved'));
    expect(await recall(moved)).toEqual(MEMORY);
    await moved.release();
  });
});

test('an error says what PostgreSQL said, without the password', async () => {
  await (await attach(shared)).release();
  const cluster = await clusterOf(shared);
  await writeFile(join(cluster, 'postgresql.auto.conf'), 'nonsense = 1\n');
  const failure = await attach(shared).catch((error: unknown) => error);
  await writeFile(join(cluster, 'postgresql.auto.conf'), '');
  expect(failure).toMatchObject({ code: 'embedded-postgres-failed', message: expect.stringContaining('"nonsense"') });
  expect(String(failure)).not.toContain((await readRecord(shared))?.password);
});
