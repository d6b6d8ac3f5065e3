import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from 'vitest';
import { freePort } from '../proof/gateway.ts';
import { startProxy, violationsOf } from './proxy.ts';

/** Every request of a test to a gateway's API goes through the validating proxy, which no answer may displease. */
interface Proxy {
  readonly address: string;
  readonly child: ChildProcess;
}

const folder = mkdtempSync(join(tmpdir(), 'millwright-proxy-'));
const proxies = new Map<string, Promise<Proxy>>();
/** The proxies' own. */
const ownPorts = new Set<string>();
const violations: string[] = [];
let checked = 0;
const direct = globalThis.fetch;

async function proxyOf(gateway: string): Promise<Proxy> {
  const [port, document] = [await freePort(), join(folder, `${proxies.size}.json`)];
  ownPorts.add(String(port));
  writeFileSync(document, await (await direct(`${gateway}/openapi.json`)).text());
  return { address: `http://127.0.0.1:${port}`, child: await startProxy(document, gateway, port) };
}

globalThis.fetch = async (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  // The proxy itself is asked whether it is there; a stream never ends, so that nobody can say what it is.
  const isApi = url.pathname.startsWith('/api/v1/') && url.port !== '1' && !url.pathname.endsWith('/stream');
  if (!isApi || ownPorts.has(url.port)) return direct(input, init);
  const proxy = proxies.get(url.origin) ?? proxyOf(url.origin);
  proxies.set(url.origin, proxy);
  const answer = await direct(`${(await proxy).address}${url.pathname}${url.search}`, init);
  checked++;
  for (const one of violationsOf(answer, answer.status < 400))
    violations.push(`${init?.method ?? 'GET'} ${url.pathname}: ${answer.status}: ${one}`);
  return answer;
};

afterEach(() => {
  const found = violations.splice(0, Infinity);
  if (found.length > 0) throw new Error(`not as the document says:\n${found.join('\n')}`);
});
afterAll(async () => {
  for (const proxy of await Promise.allSettled(proxies.values()))
    if (proxy.status === 'fulfilled') proxy.value.child.kill('SIGTERM');
  rmSync(folder, { recursive: true });
  if (checked === 0) throw new Error('the proxy saw no request');
});
