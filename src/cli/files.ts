import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { FileRecord } from '../files/index.ts';
import { storedFile } from '../reports/index.ts';
import type { Installation } from '../server.ts';
import { chosenTenant, withInstallation } from './context.ts';
import { table, writeJson, writeLine } from './output.ts';
import { recordNameFrom, type RecordName } from './record-name.ts';

interface ListOptions {
  readonly tenant?: string;
  readonly json?: true;
}

interface GetOptions {
  readonly tenant?: string;
  readonly to?: string;
}

const PAGE = 500;

export function filesCommand(): Command {
  const list = new Command('list')
    .description('Files of records: which are stored, which are wanted, which were given up and why.')
    .argument('[record]', 'only of this one, e.g. work-order/1234')
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option('--json', 'print JSON, one line a file')
    .action((record: string | undefined, options: ListOptions) =>
      withInstallation((installation) => listFiles(installation, record, options)),
    );
  const get = new Command('get')
    .description('Write the stored bytes of a file to the disk.')
    .argument('<record>', 'what the file hangs on, e.g. work-order/1234')
    .argument('<file>', 'its name or path, as `files list` shows it')
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option('--to <path>', 'where to; default: its name, here')
    .action((record: string, file: string, options: GetOptions) =>
      withInstallation((installation) => getFile(installation, record, file, options)),
    );
  return new Command('files')
    .description('Attachments and pictures whose bytes are stored (`sync backfill --files all`).')
    .addCommand(list)
    .addCommand(get);
}

async function listFiles(installation: Installation, record: string | undefined, options: ListOptions): Promise<void> {
  const { tenantId } = await chosenTenant(installation, options.tenant);
  const owner = record === undefined ? undefined : recordNameFrom(record);
  const json = options.json === true;
  const rows: (readonly (string | number)[])[] = [];
  for await (const file of allFiles(installation, tenantId, owner)) {
    if (json && !(await writeJson(fileAsJson(file)))) return;
    if (!json) rows.push(rowOf(file));
  }
  if (json) return;
  const { wanted, stored, givenUp, bytes } = await installation.store.transact(tenantId, (tx) => tx.files.counts());
  if (rows.length > 0) await writeLine(table(['record', 'file', 'state', 'bytes', 'why not'], rows));
  await writeLine(`${stored} stored (${bytes} bytes), ${wanted} wanted, ${givenUp} given up`);
}

async function* allFiles(
  { store }: Installation,
  tenantId: string,
  owner: RecordName | undefined,
): AsyncGenerator<FileRecord> {
  let last: FileRecord | null = null;
  for (;;) {
    const after: FileRecord | null = last;
    const page: readonly FileRecord[] = await store.transact(tenantId, (tx) => tx.files.page(after, PAGE, owner));
    yield* page;
    last = page.at(-1) ?? null;
    if (page.length < PAGE) return;
  }
}

const rowOf = ({ owner, path, fileName, state, stored, reason, lostAt }: FileRecord): readonly (string | number)[] => [
  `${owner.kind}/${owner.recordId}`,
  fileName ?? path,
  lostAt === null ? state : `${state}, removed since`,
  stored?.bytes ?? '',
  reason ?? '',
];

const fileAsJson = ({ owner, stored, lostAt, ...file }: FileRecord) => ({
  ...owner,
  ...file,
  ...stored,
  removedAt: lostAt === null ? null : new Date(lostAt).toISOString(),
});

async function getFile(installation: Installation, record: string, name: string, options: GetOptions): Promise<void> {
  const { tenantId } = await chosenTenant(installation, options.tenant);
  const { file, blob } = await storedFile(installation, tenantId, recordNameFrom(record), name);
  const to = options.to ?? safeName(file.fileName ?? 'file');
  await writeFile(to, blob.bytes);
  await writeLine(`${to}: ${blob.bytes.length} bytes${blob.contentType === null ? '' : `, ${blob.contentType}`}`);
}

/** The name came from MaintainX: it must not lead into another folder, nor hide. */
const safeName = (name: string): string => name.replaceAll(/[^\w.() -]/g, '_').replace(/^\.+/, '_');
