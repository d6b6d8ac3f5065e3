export type { SandboxOptions } from './options.ts';
export { startSandbox, type Sandbox } from './sandbox.ts';
export type { SandboxStats } from './stats.ts';
