import { Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import { raise } from '../errors.ts';
import type { Delivery, InboundTransaction, ParkedRead } from '../inbound/index.ts';
import { isKind } from '../maintainx/index.ts';
import type { RecordKey } from '../records/index.ts';
import type { Installation } from '../server.ts';
import { chosenTenant, withInstallation } from './context.ts';
import { again, found } from './deliveries.ts';
import { iso, table, writeJson, writeLine } from './output.ts';

interface Options {
  readonly tenant?: string;
  readonly json?: true;
}

interface DiscardOptions extends Options {
  readonly reason: string;
}

/** So many of each sort are shown. */
const MOST = 500;

export function parkedCommand(): Command {
  const list = ofTenant(new Command('list'))
    .description('Webhooks that cannot be used and records that cannot be read, each with its reason.')
    .action((options: Options) => withInstallation((installation) => listParked(installation, options)));
  const replay = ofTenant(new Command('replay'))
    .description('Try it again: after an update, or once the reason is gone.')
    .argument('<id>', 'as `parked list` shows it, or "all"')
    .action((id: string, options: Options) =>
      withInstallation((installation) => replayParked(installation, id, options)),
    );
  const discard = ofTenant(new Command('discard'))
    .description('Say that it is not needed. A webhook stays among the deliveries, with your reason.')
    .argument('<id>', 'as `parked list` shows it')
    .requiredOption('--reason <text>', 'why it is not needed')
    .action((id: string, options: DiscardOptions) =>
      withInstallation((installation) => discardParked(installation, id, options)),
    );
  return new Command('parked')
    .description('What could not be processed and waits for a person: list, try again, discard.')
    .addCommand(list)
    .addCommand(replay)
    .addCommand(discard);
}

const ofTenant = (command: Command): Command =>
  command.option('--tenant <name>', 'which tenant; default: the only one').option('--json', 'print JSON');

interface Parked {
  readonly deliveries: readonly Delivery[];
  readonly reads: readonly ParkedRead[];
}

const parkedIn = async (tx: InboundTransaction): Promise<Parked> => ({
  deliveries: await tx.deliveries.page(null, MOST, { state: 'parked' }),
  reads: await tx.hydrations.parked(MOST),
});

/** A record's name here: `work-order/1/1234`. */
const nameOf = ({ kind, organizationId, recordId }: RecordKey): string => `${kind}/${organizationId}/${recordId}`;

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
    ...reads.map((one) => ({ id: nameOf(one.key), what: 'read', since: iso(one.wishedAt) ?? '', reason: one.reason })),
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

async function replayParked(installation: Installation, id: string, options: Options): Promise<void> {
  const { tenantId, name } = await chosenTenant(installation, options.tenant);
  const replayed = id === 'all' ? await replayAll(installation, tenantId) : await replayOne(installation, tenantId, id);
  if (options.json === true) return void (await writeJson({ tenant: name, replayed }));
  await writeLine(`${replayed} tried again`);
}

async function replayAll(installation: Installation, tenantId: string): Promise<number> {
  const { deliveries, reads } = await installation.store.transact(tenantId, parkedIn);
  if (deliveries.length > 0) await again(installation, tenantId, deliveries);
  await readAgain(
    installation,
    tenantId,
    reads.map((one) => one.key),
  );
  return deliveries.length + reads.length;
}

async function replayOne(installation: Installation, tenantId: string, id: string): Promise<number> {
  const key = recordKeyFrom(id);
  if (key !== undefined) await readAgain(installation, tenantId, [key]);
  else await again(installation, tenantId, [await found(installation, tenantId, id)]);
  return 1;
}

const readAgain = ({ store }: Installation, tenantId: string, keys: readonly RecordKey[]): Promise<void> =>
  store.transact(tenantId, async (tx) => {
    const now = systemClock.now();
    tx.leases.wake('hydrate', now);
    const wishes = keys.map((key) => ({ key, reason: 'reread', explainedBy: [] }) as const);
    await tx.hydrations.want(wishes, await tx.nextTicket(), now);
  });

async function discardParked(installation: Installation, id: string, options: DiscardOptions): Promise<void> {
  const { tenantId, name } = await chosenTenant(installation, options.tenant);
  const key = recordKeyFrom(id);
  const delivery = key === undefined ? await found(installation, tenantId, id) : undefined;
  const isDone = await installation.store.transact(tenantId, async (tx) => {
    if (delivery !== undefined) return tx.deliveries.discard(delivery, options.reason);
    return key !== undefined && tx.hydrations.discard(key);
  });
  if (!isDone) throw raise('usage', `${id} is not parked`);
  installation.logger.warn({ tenant: name, id, reason: options.reason }, 'a person discarded what was parked');
  if (options.json === true) return void (await writeJson({ tenant: name, discarded: id }));
  await writeLine(`${id} is discarded`);
}

/** Undefined: it is no record's name, so it is a delivery's id. */
function recordKeyFrom(id: string): RecordKey | undefined {
  const [kind = '', organizationId, recordId, ...rest] = id.split('/');
  if (organizationId === undefined) {
    if (!/^[0-9a-f-]{36}$/i.test(id)) throw raise('usage', `"${id}" is no id of what is parked`);
    return undefined;
  }
  if (!isKind(kind) || recordId === undefined || rest.length > 0)
    throw raise('usage', `"${id}" is no record; name it like work-order/1/1234`);
  return { kind, organizationId, recordId };
}
