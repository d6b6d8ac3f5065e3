import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as pauseFor } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseStored } from '../../src/base/json.ts';
import { objectsIn, textIn } from '../proof/shapes.ts';

const PRISM = fileURLToPath(new URL('node_modules/@stoplight/prism-cli/dist/index.js', import.meta.url));

/** Starts the proxy in front of a gateway; resolves when it answers. `document`: a file with the OpenAPI document. */
export async function startProxy(document: string, upstream: string, port: number): Promise<ChildProcess> {
  if (!existsSync(PRISM)) throw new Error('install the proxy first: npm ci --prefix test/prism');
  const child = spawn(process.execPath, [PRISM, 'proxy', document, upstream, '--port', String(port)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, SCARF_ANALYTICS: 'false' },
  });
  for (let tries = 0; tries < 100; tries++) {
    await pauseFor(200);
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/me`).catch(() => undefined);
    if (answer !== undefined) return child;
  }
  child.kill('SIGTERM');
  throw new Error('the proxy did not start');
}

/** What the proxy found. That a wrong request was wrong is no news. */
export function violationsOf(answer: Response, isRight: boolean): readonly string[] {
  const said = answer.headers.get('sl-violations');
  if (said === null) return [];
  return objectsIn(parseStored(said))
    .filter((one) => isRight || !JSON.stringify(one['location']).startsWith('["request"'))
    .map((one) => `${JSON.stringify(one['location'])} ${textIn(one, 'message')}`);
}
