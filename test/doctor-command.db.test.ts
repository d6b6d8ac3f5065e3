import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../src/base/secret.ts';
import { readConfig } from '../src/config.ts';
import { startSandbox, type Sandbox } from '../src/sandbox/index.ts';
import { createLogger, openInstallation, startServer, type Server } from '../src/server.ts';
import { testDatabase, type TestDatabase } from './database.ts';
import { environmentOf, millwright, type Outcome } from './millwright.ts';

let test: TestDatabase;
let sandbox: Sandbox;
let server: Server;

/** A gateway that takes webhooks in and does nothing else: the quota is the doctor's. */
beforeAll(async () => {
  test = await testDatabase();
  sandbox = await startSandbox({ port: 0 });
  const added = await run('tenant', 'add', '--name', 'plant', '--api-key', sandbox.apiKey);
  if (added.code !== 0) throw new Error(added.err);
  const config = readConfig({
    ...environmentOf(test),
    MAINTAINX_BASE_URL: sandbox.url,
    PORT: '0',
    MILLWRIGHT_ROLES: 'intake',
  });
  const masterKey = new Secret(environmentOf(test)['MILLWRIGHT_MASTER_KEY'] ?? '');
  server = await startServer(await openInstallation({ ...config, masterKey }, createLogger('silent')));
});

afterAll(async () => {
  await server.stop();
  await sandbox[Symbol.asyncDispose]();
  await test.drop();
});

const run = (...args: readonly string[]): Promise<Outcome> =>
  millwright(args, '', { ...environmentOf(test), MAINTAINX_BASE_URL: sandbox.url });
const doctor = (env: Readonly<Record<string, string>> = {}): Promise<Outcome> =>
  millwright(['doctor', '--json'], '', { ...environmentOf(test), MAINTAINX_BASE_URL: sandbox.url, ...env });
const findingsOf = ({ out }: Outcome): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { about: string; state: string; says: string })
      .map(({ about, state, says }) => [about, `${state}: ${says}`]),
  );

describe('millwright doctor', () => {
  it('finds nothing broken where nothing is, and says what comes by polling alone', async () => {
    const outcome = await doctor();
    expect(findingsOf(outcome)).toMatchObject({
      database: expect.stringMatching(/^ok: PostgreSQL \d+/),
      'public URL': expect.stringContaining('warning: none is set'),
      state: 'ok: active',
      key: expect.stringContaining('ok: MaintainX takes it for organisation'),
      clock: expect.stringContaining('ok: within'),
      webhooks: expect.stringContaining('none are wanted'),
    });
    expect([outcome.code, outcome.err]).toEqual([0, '']);
    expect((await run('doctor')).out).toContain('nothing is broken');
  });

  it('goes to the public address and back, and knows a gateway from anything else', async () => {
    const there = await doctor({ MILLWRIGHT_PUBLIC_URL: server.address });
    expect(findingsOf(there)).toMatchObject({
      'public URL': expect.stringContaining('leads to a gateway'),
      webhooks: expect.stringMatching(/^warning: 0 of \d+ subscribed/),
      signature: 'ok: no subscription yet',
    });
    const stranger = await doctor({ MILLWRIGHT_PUBLIC_URL: new URL(sandbox.url).origin });
    expect([stranger.code, findingsOf(stranger)['public URL']]).toEqual([
      1,
      expect.stringContaining('not our gateway'),
    ]);
    const nobody = await doctor({ MILLWRIGHT_PUBLIC_URL: 'http://127.0.0.1:1' });
    expect([nobody.code, findingsOf(nobody)['public URL']]).toEqual([1, expect.stringContaining('does not answer')]);
  });

  it('tells a wrong clock and a refused key, with the secret in no line', async () => {
    sandbox.setFaults({ clockOff: { offsetMs: 10 * 60_000 } });
    const late = await doctor();
    expect([late.code, findingsOf(late)['clock']]).toEqual([1, expect.stringMatching(/^failed: 10 minutes/)]);
    sandbox.setFaults({ revokedKey: {} });
    const refused = await doctor();
    expect([refused.code, findingsOf(refused)['key']]).toEqual([1, expect.stringMatching(/^failed: .*refuses it/)]);
    for (const { out, err } of [late, refused]) expect(out + err).not.toContain(sandbox.apiKey);
    sandbox.clearFaults();
  });
});
