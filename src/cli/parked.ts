import { Command } from 'commander';
import { discardParked, parkedIn, recordName, replayParked } from '../administration/index.ts';
import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import { uuidv7 } from '../base/uuid.ts';
import type { Installation } from '../server.ts';
import { change, chosenTenant, withInstallation } from './context.ts';
import { iso, table, writeJson, writeLine } from './output.ts';

interface Options {
  readonly tenant?: string;
  readonly json?: true;
}

interface DiscardOptions extends Options {
  readonly reason: string;
}

export function parkedCommand(): Command {
  const list = ofTenant(new Command('list'))
    .description('Webhooks that cannot be used and records that cannot be read, each with its reason.')
    .action((options: Options) => withInstallation((installation) => listParked(installation, options)));
  const again = ofTenant(new Command('replay'))
    .description('Try it again: after an update, or once the reason is gone.')
    .argument('<id>', 'as `parked list` shows it, or "all"')
    .action((id: string, options: Options) => withInstallation((installation) => replay(installation, id, options)));
  const drop = ofTenant(new Command('discard'))
    .description('Say that it is not needed. A webhook stays among the deliveries, with your reason.')
    .argument('<id>', 'as `parked list` shows it')
    .requiredOption('--reason <text>', 'why it is not needed')
    .action((id: string, options: DiscardOptions) =>
      withInstallation((installation) => discard(installation, id, options)),
    );
  return new Command('parked')
    .description('What could not be processed and waits for a person: list, try again, discard.')
    .addCommand(list)
    .addCommand(again)
    .addCommand(drop);
}

const ofTenant = (command: Command): Command =>
  command.option('--tenant <name>', 'which tenant; default: the only one').option('--json', 'print JSON');

async function listParked(installation: Installation, options: Options): Promise<void> {
  const { tenantId, name } = await chosenTenant(installation, options.tenant);
  const { deliveries, reads } = await installation.store.transact(tenantId, parkedIn);
  const rows = [
    ...deliveries.map((one) => ({
      id: one.deliveryId,
      what: one.eventType,
      since: iso(one.receivedAt) ?? '',
      reason: one.reason ?? '',
    })),
    ...reads.map((one) => ({
      id: recordName(one.key),
      what: 'read',
      since: iso(one.wishedAt) ?? '',
      reason: one.reason,
    })),
  ];
  if (options.json === true) return void (await writeJson({ tenant: name, parked: rows }));
  if (rows.length === 0) return void (await writeLine('nothing is parked'));
  await writeLine(
    table(
      ['id', 'what', 'since', 'reason'],
      rows.map((row) => [row.id, row.what, row.since, row.reason]),
    ),
  );
}

async function replay(installation: Installation, id: string, options: Options): Promise<void> {
  const { tenantId, name } = await chosenTenant(installation, options.tenant);
  const work = replayParked(id, () => uuidv7(systemClock.now(), systemRandom));
  const { replayed } = await change(installation, tenantId, 'replayParked', work);
  if (options.json === true) return void (await writeJson({ tenant: name, replayed }));
  await writeLine(`${replayed} tried again`);
}

async function discard(installation: Installation, id: string, options: DiscardOptions): Promise<void> {
  const { tenantId, name } = await chosenTenant(installation, options.tenant);
  await change(installation, tenantId, 'discardParked', discardParked(id, options.reason));
  if (options.json === true) return void (await writeJson({ tenant: name, discarded: id }));
  await writeLine(`${id} is discarded`);
}
