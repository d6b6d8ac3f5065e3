import { expect, test } from 'vitest';
import { startSandbox } from './index.ts';

test('a sandbox closes itself at the end of a block, whatever hangs', async () => {
  let url = '';
  {
    await using sandbox = await startSandbox({ port: 0, rate: 50, faults: { noAnswer: {} } });
    url = `${sandbox.url}/teams`;
    fetch(url, { headers: { authorization: `Bearer ${sandbox.apiKey}` } }).catch(() => undefined);
    await new Promise((resolve) => void setTimeout(resolve, 50));
  }
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

test('organisations, keys and faults are there from the first moment', async () => {
  await using sandbox = await startSandbox({ port: 0, organizations: 2, seed: 5 });
  const [first, second] = sandbox.organizations;
  expect([sandbox.organizationId, sandbox.apiKey]).toEqual([first?.id, first?.apiKey]);
  expect(second?.id).not.toBe(first?.id);
  expect(sandbox.records('asset', second?.id)).toHaveLength(sandbox.records('asset').length);
  expect([sandbox.subscriptions(), sandbox.faultLog()]).toEqual([[], []]);
  expect(() => sandbox.approve(1)).toThrow('no such subscription: 1');
  expect(() => sandbox.records('asset', 1)).toThrow('no such organization: 1');
});

test('options that cannot be are refused', async () => {
  await expect(startSandbox({ port: 0, organizations: 0 })).rejects.toThrow('from 1 to 500');
  await expect(startSandbox({ port: 0, faults: { latency: { ms: -1 } } })).rejects.toThrow('latency.ms');
});

test('a plant is the same whenever its organisation is first asked about', async () => {
  const now = Date.parse('2026-09-14T12:00:00.000Z');
  const plants: string[] = [];
  for (const pause of [0, 60]) {
    await using sandbox = await startSandbox({ port: 0, organizations: 2, now });
    await new Promise((resolve) => void setTimeout(resolve, pause));
    const records = sandbox.records('work-order', sandbox.organizations[1]?.id);
    plants.push(JSON.stringify(records).replaceAll(/http:[^"]*/g, 'link'));
  }
  expect(plants[1] === plants[0]).toBe(true);
});

test('a clock that is off does not make people work faster', async () => {
  await using sandbox = await startSandbox({ port: 0, rate: 20 });
  sandbox.setFaults({ clockOff: { offsetMs: 86_400_000 } });
  await new Promise((resolve) => void setTimeout(resolve, 300));
  expect(sandbox.stats().changes).toBeGreaterThan(0);
  expect(sandbox.stats().changes).toBeLessThan(40);
});
