import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pauseFor } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const OUTPUT = fileURLToPath(new URL('../src/cli/output.ts', import.meta.url));

it('many lines for a reader who is slow come whole, and leave nothing behind on the stream', async () => {
  const program = `
    import { writeLine } from ${JSON.stringify(OUTPUT)};
    for (let nth = 0; nth < 20_000; nth++) await writeLine(String(nth).padStart(100, '.'));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [lines, warnings]: [string[], string[]] = [[], []];
  child.stderr.on('data', (chunk: Buffer) => warnings.push(chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    lines.push(chunk.toString());
    child.stdout.pause();
    void pauseFor(1).then(() => child.stdout.resume());
  });
  await once(child, 'close');
  expect(lines.join('').split('\n')).toHaveLength(20_001);
  expect(warnings.join('')).toBe('');
});
