import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objectOf, parseStored } from '../src/base/json.ts';
import { postgresShelf } from '../src/quota/index.ts';
import { startSandbox, type Sandbox } from '../src/sandbox/index.ts';
import { testDatabase, type TestDatabase } from './database.ts';
import { environmentOf, millwright as run, type Outcome } from './millwright.ts';

let test: TestDatabase;
let sandbox: Sandbox;

beforeAll(async () => {
  test = await testDatabase();
  sandbox = await startSandbox({ port: 0 });
  const added = await millwright(
    ['tenant', 'add', '--name', 'plant', '--api-key-file', '-', '--detach'],
    sandbox.apiKey,
  );
  if (added.code !== 0) throw new Error(added.err);
});

afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
  await test.drop();
});

const millwright = (
  args: readonly string[],
  input = '',
  more: Readonly<Record<string, string>> = {},
): Promise<Outcome> => run(args, input, { ...environmentOf(test), MAINTAINX_BASE_URL: sandbox.url, ...more });

describe('millwright quota', () => {
  it('tells what was used in the name of the key, never the key, and plans the next minutes', async () => {
    const { code, out, err } = await millwright(['quota', '--json', '--minutes', '3']);
    expect([code, err]).toEqual([0, '']);
    const report = objectOf(parseStored(out));
    expect(report).toMatchObject({
      user: expect.stringMatching(/^key [0-9a-f]{32}$/),
      limit: 100,
      windowMs: 60_000,
      sharePercent: 100,
      used: 2,
      underWay: 0,
      closedUntil: null,
      longWindows: [],
      // Four kinds are polled once a minute.
      demand: { poll: 12, sweep: 0, hydrate: 0 },
    });
    expect(report['plan']).toMatchObject([{ minute: 1, requests: { poll: 12 } }, { minute: 2 }, { minute: 3 }]);
    expect(out).not.toContain(sandbox.apiKey);
  });

  it('shows the same to people, with a share and what meters have used of their day', async () => {
    const { user } = objectOf(parseStored((await millwright(['quota', '--json'])).out));
    if (typeof user !== 'string') throw new Error('the user has a name');
    const rule = { limit: 10, windowMs: 24 * 3_600_000, share: 1 };
    const ask = { holder: 'test', ended: [], unused: 0, want: 1 };
    await postgresShelf(test.database).exchange(`${user}: manual readings of meter 7`, rule, ask, Date.now());
    const { code, out } = await millwright(['quota'], '', { MILLWRIGHT_QUOTA_SHARE: '60' });
    expect(code).toBe(0);
    expect(out).toContain('60 % of what the user may send');
    expect(out).toContain('manual readings of meter 7: 1 of 10');
    expect(out).toMatch(/^minute +person +write +hydrate +poll +sweep$/m);
  });

  it('says so when nothing limits the installation', async () => {
    const { out } = await millwright(['quota'], '', { MILLWRIGHT_REQUESTS_PER_MINUTE: '0' });
    expect(out).toContain('none is set');
  });
});
