import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objectOf, parseStored, type JsonObject } from '../src/base/json.ts';
import { startSandbox, type Sandbox } from '../src/sandbox/index.ts';
import { textIn } from './proof/shapes.ts';
import { testDatabase, type TestDatabase } from './database.ts';
import { environmentOf, millwright, type Outcome } from './millwright.ts';

let test: TestDatabase;
let sandbox: Sandbox;

beforeAll(async () => {
  test = await testDatabase();
  sandbox = await startSandbox({ port: 0, organizations: 3 });
});
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
  await test.drop();
});

const run = (...args: readonly string[]): Promise<Outcome> =>
  millwright(args, '', { ...environmentOf(test), MAINTAINX_BASE_URL: sandbox.url });

const linesOf = ({ out }: Outcome): readonly JsonObject[] =>
  out
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => objectOf(parseStored(line)));

describe('a key that sees several organisations', () => {
  it('makes no tenant of itself until one is chosen, or all are', async () => {
    const outcome = await run('tenant', 'add', '--name', 'acme', '--api-key', sandbox.multiOrganizationKey);
    expect([outcome.code, outcome.err]).toEqual([2, expect.stringContaining('--all-organizations')]);
    expect(linesOf(await run('tenant', 'list', '--json'))).toEqual([]);
  });

  it('makes a tenant of each, which share a quota; again, it leaves them as they are', async () => {
    const add = () =>
      run(
        'tenant',
        'add',
        '--name',
        'acme',
        '--all-organizations',
        '--api-key',
        sandbox.multiOrganizationKey,
        '--json',
      );
    const first = linesOf(await add());
    expect(first.map((one) => one['isNew'])).toEqual([true, true, true]);
    expect(linesOf(await add())).toEqual(first.map((one) => ({ ...one, isNew: false })));
    const names = linesOf(await run('tenant', 'list', '--json')).map((one) => textIn(one, 'name'));
    expect(names).toHaveLength(3);
    for (const name of names) expect(name).toMatch(/^acme-\d+$/);
    const users = [];
    for (const name of names)
      users.push(linesOf(await run('quota', '--tenant', name, '--json')).map((one) => one['user']));
    expect(new Set(users.flat()).size).toBe(1);
  });
});

describe('settings of a tenant', () => {
  const settings = (...args: readonly string[]): Promise<Outcome> => run('tenant', 'settings', ...args);

  it('are shown, and changed with a line in its audit', async () => {
    const [tenant] = linesOf(await run('tenant', 'list', '--json')).map((one) => textIn(one, 'name'));
    const of = ['--tenant', tenant ?? '', '--json'];
    expect(linesOf(await settings(...of))).toMatchObject([{ writes: 'on', quotaShare: null }]);
    const changed = await settings(
      ...of,
      '--writes',
      'dry-run',
      '--quota-share',
      '20',
      '--fair-per-second',
      '900',
      '--connections',
      '3',
      '--workers',
      '2',
    );
    expect(linesOf(changed)).toMatchObject([
      { writes: 'dry-run', quotaShare: 20, fairPerSecond: 900, connections: 3, workers: 2 },
    ]);
    const [quota] = linesOf(await run('quota', ...of));
    expect(quota).toMatchObject({ sharePercent: 20 });
    const audit = linesOf(await run('audit', 'list', ...of)).map((one) => one['action']);
    expect(audit).toContain('changeSettings');
    expect(linesOf(await settings(...of, '--quota-share', 'default'))).toMatchObject([{ quotaShare: null }]);
  });

  it('are refused when they make no sense', async () => {
    for (const args of [
      ['--writes', 'maybe'],
      ['--quota-share', '0'],
      ['--quota-share', '12.5'],
    ])
      expect((await settings('--tenant', 'acme-1', ...args)).code).not.toBe(0);
  });
});

describe('a tenant with several organisations', () => {
  const keyOf = (nth: number): string => sandbox.organizations[nth]?.apiKey ?? '';
  const idOf = (nth: number): string => String(sandbox.organizations[nth]?.id);

  it('is told what a copy costs when it is added, and when another organisation is', async () => {
    const added = await run('tenant', 'add', '--name', 'group', '--api-key', keyOf(0));
    expect([added.code, added.err]).toEqual([0, '']);
    expect(added.out).toMatch(/\d+ requests in all: \d+ made to find this out/);
    const connect = ['tenant', 'connect', '--tenant', 'group', '--api-key', keyOf(1)];
    const [line] = linesOf(await run(...connect, '--json'));
    expect(line).toMatchObject({ organizationId: idOf(1), state: 'active', plan: { requests: expect.any(Number) } });
    const again = await run(...connect);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('already')]);
    const listed = linesOf(await run('tenant', 'connections', '--tenant', 'group', '--json'));
    expect(listed.map((one) => [one['organizationId'], one['state']])).toEqual([
      [idOf(0), 'active'],
      [idOf(1), 'active'],
    ]);
  });

  it('is asked which one is meant, and says so where it is told', async () => {
    const asked = await run('quota', '--tenant', 'group');
    expect([asked.code, asked.err]).toEqual([2, expect.stringContaining(`${idOf(0)} (`)]);
    const told = await run('quota', '--tenant', 'group', '--organization', idOf(1), '--json');
    expect([told.code, told.err]).toEqual([0, '']);
    const status = linesOf(await run('sync', 'status', '--tenant', 'group', '--organization', idOf(1), '--json'));
    expect(status[0]).toMatchObject({ run: { organizationId: idOf(1) } });
  });

  it('is no longer connected to one that is ended', async () => {
    const end = (nth: number) => run('tenant', 'disconnect', '--tenant', 'group', '--organization', idOf(nth));
    expect((await end(1)).out).toContain('no longer connected');
    const last = await end(0);
    expect([last.code, last.err]).toEqual([1, expect.stringContaining('only connection')]);
    expect((await run('quota', '--tenant', 'group')).code).toBe(0);
    const { out } = await run('tenant', 'connections', '--tenant', 'group');
    expect(out).toContain('ended');
  });
});
