import { listedIn, newId, syncStatus, type Run, type RunOptions } from '../../src/inbound/index.ts';
import type { Stage } from './stage.ts';

/** As `millwright sync sweep --deep --release-brake` asks for it. */
const DEEP: RunOptions = { reread: 'all', releaseBrake: true, planOnly: false };

const STEP_MS = 10_000;

/** Sweeps everything and waits until nothing waits any more; what hindered it, if that takes longer than it may. */
export async function sweep(stage: Stage, mostMs: number): Promise<string | undefined> {
  const { store, tenantId, clock } = stage;
  const deadline = clock.now() + mostMs;
  const ran = await ranToTheEnd(stage, deadline);
  if (!ran) return `no sweep ended within ${mostMs} ms`;
  for (;;) {
    const now = await syncStatus(store, tenantId);
    if (now.quiet) return undefined;
    if (clock.now() > deadline) return `not quiet within ${mostMs} ms: ${JSON.stringify(now.waiting)}`;
    await clock.sleep(STEP_MS);
  }
}

/** A run that was asked for with other options goes first; ours comes after it. */
async function ranToTheEnd(stage: Stage, deadline: number): Promise<boolean> {
  const { store, tenantId, clock } = stage;
  let requested = await request(stage);
  for (;;) {
    const run = (await store.transact(tenantId, (tx) => tx.runs.find(requested.runId))) ?? requested;
    if (run.state === 'done') {
      if (isDeep(run)) return true;
      requested = await request(stage);
    }
    if (clock.now() > deadline) return false;
    await clock.sleep(STEP_MS);
  }
}

const isDeep = ({ options }: Run): boolean =>
  options.reread === DEEP.reread && options.releaseBrake === DEEP.releaseBrake;

function request({ scenario, store, sandbox, tenantId, clock, operator }: Stage): Promise<Run> {
  const now = clock.now();
  return store.transact(tenantId, (tx) => {
    tx.leases.wake('pull', now);
    tx.leases.wake('hydrate', now);
    return tx.runs.request(
      {
        runId: newId(operator),
        organizationId: String(sandbox.organizationId),
        what: 'sweep',
        options: DEEP,
        requestedAt: now,
      },
      listedIn({ kinds: scenario.copied }),
    );
  });
}
