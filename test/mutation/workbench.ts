import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = ['src', 'test', 'migrations', 'package.json', 'tsconfig.json'];

/** How a run of tests on a mutant ended. */
export type Outcome = 'survived' | 'killed' | 'timeout';

/** A copy of the tree in which mutants are tried; the tree itself is never touched. */
export interface Workbench {
  put(file: string, text: string): void;
  /** Runs a program of the copy; it is killed after `ms`. */
  run(args: readonly string[], ms: number): Promise<Outcome>;
  close(): void;
}

export function openWorkbench(): Workbench {
  const folder = mkdtempSync(join(tmpdir(), 'millwright-mutation-'));
  for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return {
    put: (file, text) => writeFileSync(join(folder, file), text),
    run: (args, ms) =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore', detached: true });
        const timer = setTimeout(() => {
          resolve('timeout');
          // The whole group: test runners have children.
          if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        }, ms);
        child.on('exit', (code) => {
          clearTimeout(timer);
          resolve(code === 0 ? 'survived' : 'killed');
        });
      }),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
