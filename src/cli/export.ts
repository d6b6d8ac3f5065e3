import { closeSync, existsSync, ftruncateSync, fsyncSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { Command } from 'commander';
import { objectOf, parseJson } from '../base/json.ts';
import { raise } from '../errors.ts';
import type { Delivery, InboundStore } from '../inbound/index.ts';
import { isKind } from '../maintainx/index.ts';
import type { HeldRecord, RecordKey } from '../records/index.ts';
import { deliveryAsJson } from './delivery-line.ts';
import { chosenTenant, withInstallation } from './context.ts';
import { eventAsJson } from './events.ts';
import { iso, writeLine } from './output.ts';

/** One line of an export; `cursor` is where the next export goes on. */
interface Line {
  readonly cursor: string;
  readonly [field: string]: unknown;
}

/** Reads what comes after a cursor, at most a page. */
type Source = (after: string | null) => Promise<readonly Line[]>;

const PAGE = 500;

interface Options {
  readonly tenant?: string;
  readonly after?: string;
  readonly output?: string;
  readonly resume?: true;
  /** Accepted for symmetry: an export is always NDJSON. */
  readonly json?: true;
}

export function exportCommand(): Command {
  const command = new Command('export').description(
    'Write everything of a tenant as NDJSON. Each line has a "cursor"; --after goes on behind it.',
  );
  const sources = { records: recordSource, events: eventSource, deliveries: deliverySource };
  for (const [name, source] of Object.entries(sources)) command.addCommand(exportOf(name, source));
  return command;
}

function exportOf(name: string, source: (store: InboundStore, tenantId: string) => Source): Command {
  return new Command(name)
    .description(`Write all ${name}, one a line.`)
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option('--after <cursor>', 'go on behind this cursor')
    .option('--output <file>', 'write to a file instead of standard output')
    .option('--resume', 'go on with the file of --output, behind its last whole line')
    .option('--json', 'an export is always NDJSON; accepted for symmetry')
    .action((options: Options) =>
      withInstallation(async (installation) => {
        const { tenantId } = await chosenTenant(installation, options.tenant);
        const sink = sinkOf(options);
        try {
          await copy(source(installation.store, tenantId), sink, options.after ?? sink.resumeAfter);
        } finally {
          sink.close();
        }
      }),
    );
}

async function copy(source: Source, sink: Sink, from: string | null): Promise<void> {
  let after = from;
  for (;;) {
    const lines = await source(after);
    for (const line of lines) if (!(await sink.write(JSON.stringify(line)))) return;
    const last = lines.at(-1);
    if (last === undefined) return;
    after = last.cursor;
  }
}

const recordSource =
  (store: InboundStore, tenantId: string): Source =>
  async (after) => {
    const key = after === null ? null : recordKeyOf(after);
    const records = await store.transact(tenantId, (tx) => tx.records.page(key, PAGE));
    return records.map(recordLine);
  };

function recordLine({ key, ...record }: HeldRecord): Line {
  return {
    cursor: `${key.organizationId}/${key.kind}/${key.recordId}`,
    organizationId: key.organizationId,
    kind: key.kind,
    id: key.recordId,
    version: record.version,
    updatedAt: iso(record.updatedAt),
    deletedAt: iso(record.deletedAt),
    firstSeenAt: iso(record.firstSeenAt),
    changedAt: iso(record.changedAt),
    record: record.state,
    kept: record.kept,
  };
}

function recordKeyOf(cursor: string): RecordKey {
  const [organizationId, kind, recordId] = cursor.split('/');
  if (organizationId === undefined || kind === undefined || recordId === undefined || !isKind(kind))
    throw raise('usage', `"${cursor}" is not the cursor of an exported record`);
  return { organizationId, kind, recordId };
}

const eventSource =
  (store: InboundStore, tenantId: string): Source =>
  async (after) => {
    const seq = after === null ? 0 : Number(after);
    if (!Number.isSafeInteger(seq) || seq < 0)
      throw raise('usage', `"${after}" is not the cursor of an exported event`);
    const events = await store.transact(tenantId, (tx) => tx.log.read(seq, PAGE));
    return events.map((event) => ({ cursor: String(event.seq), ...eventAsJson(event) }));
  };

const deliverySource =
  (store: InboundStore, tenantId: string): Source =>
  async (after) => {
    if (after !== null && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(after))
      throw raise('usage', `"${after}" is not the cursor of an exported delivery`);
    const deliveries = await store.transact(tenantId, (tx) => tx.deliveries.page(after, PAGE));
    return deliveries.map(deliveryLine);
  };

const deliveryLine = (delivery: Delivery): Line => ({ cursor: delivery.deliveryId, ...deliveryAsJson(delivery) });

interface Sink {
  /** Cursor of the last whole line that is there already. */
  readonly resumeAfter: string | null;
  /** false: nobody reads any more. */
  write(line: string): Promise<boolean>;
  close(): void;
}

function sinkOf(options: Options): Sink {
  if (options.output === undefined) {
    if (options.resume === true) throw raise('usage', '--resume needs --output');
    return { resumeAfter: null, write: writeLine, close: () => undefined };
  }
  const resume = options.resume === true && existsSync(options.output);
  const file = openSync(options.output, resume ? 'r+' : 'w');
  const end = resume ? wholeLines(file, statSync(options.output).size) : { size: 0, cursor: null };
  ftruncateSync(file, end.size);
  let position = end.size;
  return {
    resumeAfter: end.cursor,
    write: (line) => {
      position += writeSync(file, `${line}\n`, position);
      return Promise.resolve(true);
    },
    close: () => {
      fsyncSync(file);
      closeSync(file);
    },
  };
}

/** Where the last whole line of the file ends, and its cursor; a line cut off by a kill is written again. */
function wholeLines(file: number, size: number): { readonly size: number; readonly cursor: string | null } {
  const tail = lastLine(file, size);
  if (tail === undefined) return { size: 0, cursor: null };
  const parsed = parseJson(tail.line, 100);
  const cursor = objectOf('value' in parsed ? parsed.value : undefined)['cursor'];
  if (typeof cursor !== 'string') throw raise('usage', 'the last line of the output file is not one of this export');
  return { size: tail.end, cursor };
}

/** The last line that ends in a newline, read from the file's end: an export may be larger than memory. */
function lastLine(file: number, size: number): { readonly line: string; readonly end: number } | undefined {
  for (let length = 64 * 1024; ; length *= 4) {
    const from = Math.max(0, size - length);
    const content = Buffer.alloc(size - from);
    readSync(file, content, 0, content.length, from);
    const end = content.lastIndexOf(0x0a) + 1;
    const before = end < 2 ? -1 : content.lastIndexOf(0x0a, end - 2);
    if (end > 0 && (before >= 0 || from === 0))
      return { line: content.subarray(before + 1, end).toString('utf8'), end: from + end };
    if (from === 0) return undefined;
  }
}
