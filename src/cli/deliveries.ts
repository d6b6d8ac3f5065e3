import { Command, InvalidArgumentError, Option } from 'commander';
import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import { uuidv7 } from '../base/uuid.ts';
import { again, deliveryOf, replayDeliveries } from '../administration/index.ts';
import { raise } from '../errors.ts';
import { DELIVERY_STATES, type Delivery, type DeliveryFilter, type DeliveryState } from '../inbound/index.ts';
import { isHookEvent, type HookEvent } from '../maintainx/index.ts';
import type { Installation } from '../server.ts';
import { change, chosenTenant, withInstallation } from './context.ts';
import { deliveryAsJson } from './delivery-line.ts';
import { missedCommand } from './missed-hooks.ts';
import { integerFrom } from './numbers.ts';
import { iso, table, writeJson, writeLine } from './output.ts';

interface TenantOptions {
  readonly tenant?: string;
  readonly json?: true;
}

interface FilterOptions extends TenantOptions {
  readonly state?: DeliveryState;
  readonly event?: HookEvent;
  readonly from?: number;
  readonly until?: number;
}

interface ListOptions extends FilterOptions {
  readonly after?: string;
  readonly limit: number;
}

interface ReplayOptions extends FilterOptions {
  readonly all?: true;
}

/** Taken in one transaction. */
const PAGE = 500;

export function deliveriesCommand(): Command {
  const list = filtered(new Command('list'))
    .description('Webhooks as they came, in order of arrival.')
    .option('--after <id>', 'those that came after this one', idFrom)
    .option('--limit <count>', 'at most so many', integerFrom(1), 50)
    .action((options: ListOptions) => withInstallation((installation) => listDeliveries(installation, options)));
  const show = ofTenant(new Command('show'))
    .description('One webhook whole, with its body.')
    .argument('<id>', 'as `deliveries list` shows it', idFrom)
    .action((id: string, options: TenantOptions) =>
      withInstallation(async (installation) => {
        const { tenantId } = await chosenTenant(installation, options.tenant);
        const found = await installation.store.transact(tenantId, (tx) => deliveryOf(tx, id));
        await writeJson(deliveryAsJson(found));
      }),
    );
  const readAgain = filtered(new Command('replay'))
    .description(
      'Read webhooks once more, those named or those that a filter names: their facts are kept once all the same.',
    )
    .argument('[id...]', 'as `deliveries list` shows them')
    .option('--all', 'without a filter: all that are kept')
    .action((ids: readonly string[], options: ReplayOptions) =>
      withInstallation((installation) => replay(installation, ids.map(idFrom), options)),
    );
  return new Command('deliveries')
    .description('Webhooks as they came: list, show, read again; and how many never came.')
    .addCommand(list)
    .addCommand(show)
    .addCommand(readAgain)
    .addCommand(missedCommand());
}

const ofTenant = (command: Command): Command =>
  command
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option('--json', 'print JSON, one line each');

const filtered = (command: Command): Command =>
  ofTenant(command)
    .addOption(new Option('--state <state>', 'only in this state').choices(DELIVERY_STATES))
    .option('--event <type>', 'only of this type, e.g. WORK_ORDER_STATUS_CHANGE', eventFrom)
    .option('--from <time>', 'received at or after this time (ISO 8601)', timeFrom)
    .option('--until <time>', 'received before this time (ISO 8601)', timeFrom);

const filterOf = ({ state, event, from, until }: FilterOptions): DeliveryFilter => ({
  state,
  eventType: event,
  from,
  until,
});

function idFrom(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
    throw new InvalidArgumentError(`"${text}" is no id of a delivery.`);
  return text;
}

function eventFrom(text: string): HookEvent {
  if (!isHookEvent(text)) throw new InvalidArgumentError(`"${text}" is no type of webhook.`);
  return text;
}

function timeFrom(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new InvalidArgumentError('Must be a time such as 2026-09-16T12:00:00Z.');
  return time;
}

async function listDeliveries(installation: Installation, options: ListOptions): Promise<void> {
  const { tenantId } = await chosenTenant(installation, options.tenant);
  const deliveries = await installation.store.transact(tenantId, (tx) =>
    tx.deliveries.page(options.after ?? null, options.limit, filterOf(options)),
  );
  if (options.json === true) {
    for (const one of deliveries) if (!(await writeJson(deliveryAsJson(one)))) return;
    return;
  }
  await writeLine(deliveries.length === 0 ? 'none' : inTable(deliveries));
  const last = deliveries.at(-1);
  if (last !== undefined && deliveries.length === options.limit) await writeLine(`more: --after ${last.deliveryId}`);
}

/** For a person: one line a delivery. */
const inTable = (deliveries: readonly Delivery[]): string =>
  table(
    ['id', 'received', 'event', 'state', 'why'],
    deliveries.map((one) => [
      one.deliveryId,
      iso(one.receivedAt) ?? '',
      one.eventType,
      one.state,
      one.discarded ?? one.reason ?? '',
    ]),
  );

async function replay(installation: Installation, ids: readonly string[], options: ReplayOptions): Promise<void> {
  const { tenantId, name } = await chosenTenant(installation, options.tenant);
  const filter = filterOf(options);
  const isFiltered = Object.values(filter).some((one) => one !== undefined);
  if (ids.length === 0 && !isFiltered && options.all !== true)
    throw raise('usage', 'name deliveries, a filter such as --state parked, or --all');
  if (ids.length > 0 && (isFiltered || options.all === true))
    throw raise('usage', 'name deliveries or a filter, not both');
  const replayed =
    ids.length > 0 ? await replayNamed(installation, tenantId, ids) : await replayAll(installation, tenantId, filter);
  if (options.json === true) return void (await writeJson({ tenant: name, replayed }));
  await writeLine(`${replayed} deliveries are read again`);
}

async function replayNamed(installation: Installation, tenantId: string, ids: readonly string[]): Promise<number> {
  const { replayed } = await change(installation, tenantId, 'replayDelivery', replayDeliveries(ids, newId));
  return replayed;
}

const newId = (): string => uuidv7(systemClock.now(), systemRandom);

/** Those that were there when it began: what a server reads meanwhile is not replayed twice. */
async function replayAll(installation: Installation, tenantId: string, filter: DeliveryFilter): Promise<number> {
  const until = Math.min(filter.until ?? Infinity, systemClock.now());
  let [after, count]: [string | null, number] = [null, 0];
  for (;;) {
    const from: string | null = after;
    const page: readonly Delivery[] = await installation.store.transact(tenantId, (tx) =>
      tx.deliveries.page(from, PAGE, { ...filter, until }),
    );
    if (page.length > 0)
      await change(installation, tenantId, 'replayDelivery', async (tx) => {
        await again(tx, page, newId);
        const [first, last] = [page[0]?.deliveryId ?? '', page.at(-1)?.deliveryId ?? ''];
        const answer = { replayed: page.length };
        return { target: `${first} to ${last}`, before: null, after: answer, answer };
      });
    count += page.length;
    after = page.at(-1)?.deliveryId ?? null;
    if (after === null) return count;
  }
}
