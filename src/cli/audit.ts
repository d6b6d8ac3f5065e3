import { Command } from 'commander';
import { INSTALLATION } from '../administration/index.ts';
import { entriesAfter, verifyChain, type AuditEntry } from '../audit/index.ts';
import type { Installation } from '../server.ts';
import { chosenTenant, withInstallation } from './context.ts';
import { integerFrom } from './numbers.ts';
import { iso, table, writeJson, writeLine } from './output.ts';

interface Options {
  readonly tenant?: string;
  readonly installation?: true;
  readonly after?: number;
  readonly limit?: number;
  readonly json?: true;
}

export function auditCommand(): Command {
  const list = ofWhom(new Command('list'))
    .description('Who did what, oldest first.')
    .option('--after <seq>', 'those after this one', integerFrom(0), 0)
    .option('--limit <count>', 'at most so many', integerFrom(1), 100)
    .action((options: Options) => withInstallation((installation) => listAudit(installation, options)));
  const verify = ofWhom(new Command('verify'))
    .description('Follow the chain of hashes: tells the first entry that was changed or taken away.')
    .action((options: Options) => withInstallation((installation) => verifyAudit(installation, options)));
  return new Command('audit')
    .description('Who did what: to a tenant, and to the installation.')
    .addCommand(list)
    .addCommand(verify);
}

const ofWhom = (command: Command): Command =>
  command
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option('--installation', 'of the installation')
    .option('--json', 'print JSON, one line each');

const chainOf = async (installation: Installation, options: Options): Promise<string> =>
  options.installation === true ? INSTALLATION : (await chosenTenant(installation, options.tenant)).tenantId;

async function listAudit(installation: Installation, options: Options): Promise<void> {
  const { after = 0, limit = 100 } = options;
  const chain = await chainOf(installation, options);
  const entries = await installation.database.withTenant(chain, (tx) => entriesAfter(tx, after, limit));
  if (options.json === true) {
    for (const entry of entries) if (!(await writeJson(shown(entry)))) return;
    return;
  }
  const rows = entries.map((one) => [one.seq, iso(one.at) ?? '', one.actor, one.origin, one.action, one.target]);
  await writeLine(rows.length === 0 ? 'none' : table(['seq', 'at', 'who', 'from', 'did', 'to'], rows));
}

const shown = ({ at, beforeHash, afterHash, hash, ...entry }: AuditEntry) => ({
  ...entry,
  at: iso(at),
  beforeHash: beforeHash?.toString('hex') ?? null,
  afterHash: afterHash?.toString('hex') ?? null,
  hash: hash.toString('hex'),
});

async function verifyAudit(installation: Installation, options: Options): Promise<void> {
  const chain = await chainOf(installation, options);
  const { seq, hash } = await installation.database.withTenant(chain, verifyChain);
  if (options.json === true) return void (await writeJson({ seq, hash: hash.toString('hex') }));
  await writeLine(`${seq} entries, each what was written`);
  await writeLine(
    `end of the chain: ${hash.toString('hex')}; kept elsewhere, it proves later that nothing was cut off`,
  );
}
