import { CORE_KINDS, type CoreKind } from '../../src/maintainx/index.ts';
import { openInProcess, type InProcessSandbox } from '../../src/sandbox/in-process.ts';
import type { HookPost } from '../../src/sandbox/hooks/hook-post.ts';
import type { Dice } from '../../src/sandbox/seed/dice.ts';
import { FEWEST, type Scenario } from './scenario.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** The plant of a seed, at rest. */
export function plantOf(scenario: Scenario, clock: VirtualClock, hookPost: HookPost): InProcessSandbox {
  const { seed, requestsPerMinute, windowPhaseMs } = scenario;
  const options = { seed, clock, requestsPerMinute, ...(windowPhaseMs === undefined ? {} : { windowPhaseMs }) };
  const sandbox = openInProcess(options, () => hookPost);
  for (const kind of CORE_KINDS)
    for (const id of sandbox.ids(kind).slice(scenario.plant[kind])) sandbox.remove(kind, id);
  return sandbox;
}

const NEEDED: readonly CoreKind[] = ['user', 'location', 'asset', 'vendor', 'part'];

/** Somebody deletes a share of a kind's records at one go. */
export function deleteMany(sandbox: InProcessSandbox, kind: CoreKind, share: number, dice: Dice): number {
  const all = sandbox.ids(kind);
  // The integration user is whose key we use: he stays. Without some of the others the life has nothing to refer to.
  const ids = NEEDED.includes(kind) ? all.slice(FEWEST) : all;
  const deleted = dice.some(ids, Math.ceil(ids.length * share));
  for (const id of deleted) sandbox.remove(kind, id);
  return deleted.length;
}
