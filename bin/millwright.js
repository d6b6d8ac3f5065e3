#!/usr/bin/env node
// Runs the published JavaScript, or the TypeScript source in a checkout; with the checkout's own Node when the one that
// started us is too old to run either.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const entry = existsSync(at('../src/main.ts')) ? at('../src/main.ts') : at('../dist/main.js');
const bundledNode = at('../node_modules/node/bin/node');

if (Number(process.versions.node.split('.')[0]) >= 24) {
  await import(entry);
} else if (existsSync(bundledNode)) {
  const { status, signal } = spawnSync(bundledNode, [entry, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? (signal === null ? 1 : 130);
} else {
  console.error(`millwright needs Node 24 or newer; this is ${process.version}`);
  process.exitCode = 1;
}
