import { keyChanged } from '../../src/inbound/index.ts';
import type { Dice } from '../../src/sandbox/seed/dice.ts';
import { diceFor } from './chance.ts';
import { deleteMany } from './plant.ts';
import type { Occurrence } from './scenario.ts';
import type { Stage } from './stage.ts';

/** The chaos: everything that the scenario lets happen, at its time; then all faults end. */
export async function play(stage: Stage): Promise<void> {
  const { scenario, clock, sandbox, lies, installation, faults } = stage;
  const { startsAt, chaosMs } = scenario;
  const dice = diceFor(scenario.seed, 'play');
  sandbox.setFaults(scenario.faults);
  installation.start();
  for (const one of scenario.occurrences) {
    await clock.sleep(Math.max(0, startsAt + one.at - clock.now()));
    occur(stage, one, dice);
  }
  await clock.sleep(Math.max(0, startsAt + chaosMs - clock.now()));
  stage.way.noteDropped(sandbox.faultLog());
  for (const { fault } of sandbox.faultLog()) faults.count(`sandbox: ${fault}`);
  sandbox.clearFaults();
  lies.end();
  await installation.heal();
}

function occur(stage: Stage, one: Occurrence, dice: Dice): void {
  const { sandbox, installation, faults, step } = stage;
  step(`it happens: ${JSON.stringify(one)}`);
  if (one.what !== 'changes') faults.count(`ours: ${one.what}`);
  switch (one.what) {
    case 'changes':
      for (let made = 0; made < one.count; made++) sandbox.change();
      return;
    case 'mass delete':
      return void deleteMany(sandbox, one.kind, one.share, dice);
    case 'kill':
      return installation.kill(one.backAfterMs);
    case 'stop':
      return void installation.stop(one.backAfterMs);
    case 'crash':
      return installation.crash(one.calls, one.backAfterMs);
    case 'pause':
      return installation.pause(one.calls, one.ms, one.replaced);
    case 'second process':
      return installation.start();
    case 'new key':
      return void replaceKey(stage, one.oldOneEnds);
  }
}

/** The connection gets the key of another user; the old one may end with it. */
async function replaceKey(stage: Stage, oldOneEnds: boolean): Promise<void> {
  const { sandbox, keys, store, tenantId, clock } = stage;
  const [, other] = sandbox.ids('user');
  if (other === undefined) return;
  const old = keys.now;
  keys.now = old === sandbox.apiKey ? `${sandbox.apiKey}-${other}` : sandbox.apiKey;
  if (oldOneEnds) keys.refused.add(`Bearer ${old}`);
  keys.refused.delete(`Bearer ${keys.now}`);
  await store.transact(tenantId, (tx) => keyChanged(tx, String(sandbox.organizationId), clock.now()));
}
