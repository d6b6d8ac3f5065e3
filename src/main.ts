import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

// Source is stripped of its types and compiled once, not at every command: that halves the time until one begins. Where the
// cache cannot be written, all goes on without it.
enableCompileCache();
const { runCommandLine } = await import('./cli/index.ts');

// Pages of records make much garbage that is young: with V8's own sizes it grows the process by some 150 MB before it is
// collected, and no faster (measured over 200,000 records). Only now: what young garbage has room for by then is what it keeps,
// and the loading of the program has made that large enough for a flood of webhooks.
setFlagsFromString('--max-semi-space-size=8');
setFlagsFromString('--semi-space-growth-factor=1');

process.exitCode = await runCommandLine(process.argv);
