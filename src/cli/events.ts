import { Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import { parseStored } from '../base/json.ts';
import type { StoredEvent } from '../log/index.ts';
import { chosenTenant, untilStopped, withInstallation } from './context.ts';
import { iso, writeJson, writeLine } from './output.ts';
import { integerFrom } from './numbers.ts';
import { inWords, nameIn } from './words.ts';

interface Options {
  readonly tenant?: string;
  readonly follow?: true;
  readonly after?: number;
  readonly last: number;
  readonly stream?: string;
  readonly json?: true;
}

const PAGE = 500;
const LOOK_EVERY_MS = 300;

export function eventsCommand(): Command {
  return new Command('events')
    .description("A tenant's log: what webhooks said (facts) and how records changed (state events).")
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option('--follow', 'go on as new events come')
    .option('--after <seq>', 'start behind this number; default: the last few', integerFrom(0))
    .option('--last <count>', 'how many of the last events to start with', integerFrom(0), 20)
    .option('--stream <stream>', 'only this record, e.g. work-order/99/1234')
    .option('--json', 'print JSON, one line an event')
    .action((options: Options) =>
      withInstallation(async (installation) => {
        const { store } = installation;
        const { tenantId } = await chosenTenant(installation, options.tenant);
        const signal = untilStopped();
        const names = new Map<string, string>();
        const lastSeq = await store.transact(tenantId, (tx) => tx.log.lastSeq());
        let after = options.after ?? (options.stream === undefined ? Math.max(0, lastSeq - options.last) : 0);
        const filter = options.stream === undefined ? {} : { stream: options.stream };
        while (!signal.aborted) {
          const events = await store.transact(tenantId, (tx) => tx.log.read(after, PAGE, filter));
          for (const event of events) {
            after = event.seq;
            if (!(await print(event, names, options.json === true))) return;
          }
          if (events.length > 0) continue;
          if (options.follow !== true) return;
          await systemClock.sleep(LOOK_EVERY_MS, signal);
        }
      }),
    );
}

function print(event: StoredEvent, names: Map<string, string>, json: boolean): Promise<boolean> {
  if (json) return writeJson(eventAsJson(event));
  const name = nameIn(event);
  if (name !== undefined) names.set(event.stream, name);
  const words = inWords(event, (stream) => names.get(stream));
  return writeLine(
    `${String(event.seq).padStart(7)}  ${iso(event.occurredAt) ?? ''}  ${event.family.padEnd(5)}  ${words}`,
  );
}

/** An event as programs get it: ISO times, the data as an object. */
export function eventAsJson(event: StoredEvent): Readonly<Record<string, unknown>> {
  return {
    seq: event.seq,
    eventId: event.eventId,
    stream: event.stream,
    version: event.version,
    family: event.family,
    type: event.type,
    occurredAt: iso(event.occurredAt),
    recordedAt: iso(event.recordedAt),
    explainedBy: event.explainedBy,
    actor: event.actor,
    data: parseStored(event.data),
  };
}
