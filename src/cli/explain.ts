import { Command } from 'commander';
import { durationInWords } from '../base/amounts.ts';
import { systemClock } from '../base/clock.ts';
import type { HeldRecord, StatusSpan } from '../records/index.ts';
import { explainRecord, type Moment } from '../reports/index.ts';
import type { Installation } from '../server.ts';
import { organizationMeant } from '../tenants/index.ts';
import { chosenTenant, ORGANIZATION, withInstallation } from './context.ts';
import { iso, writeJson, writeLine } from './output.ts';
import { recordNameFrom } from './record-name.ts';

interface Options {
  readonly tenant?: string;
  readonly organization?: string;
  readonly json?: true;
}

export function explainCommand(): Command {
  return new Command('explain')
    .description(
      'What we saw of a record: by which path, when, and why it was looked at; and how long it had each status.',
    )
    .argument('<record>', 'e.g. work-order/1234')
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option(...ORGANIZATION)
    .option('--json', 'print JSON')
    .action((record: string, options: Options) =>
      withInstallation((installation) => explain(installation, record, options)),
    );
}

async function explain(installation: Installation, text: string, options: Options): Promise<void> {
  const name = recordNameFrom(text);
  const { tenantId } = await chosenTenant(installation, options.tenant);
  const { database, store } = installation;
  const organizationId = await database.withTenant(tenantId, (tx) => organizationMeant(tx, options.organization));
  const { held, statuses, moments } = await explainRecord(store, tenantId, { organizationId, ...name });
  if (options.json === true)
    return void (await writeJson({
      record: text,
      copy: copyOf(held),
      statuses: statuses.map((one) => ({ ...one, from: iso(one.from), until: iso(one.until) })),
      moments: asJson(moments),
    }));
  await writeLine(held === undefined ? `${text}: no copy, only what webhooks said` : copyInWords(text, held));
  if (statuses.length > 0) await writeLine(`time in status: ${statuses.map(spanInWords).join(', ')}`);
  for (const moment of moments) await writeLine(inWords(moment));
}

function spanInWords({ status, from, until }: StatusSpan): string {
  const length = durationInWords(Math.max(0, (until ?? systemClock.now()) - from));
  return `${status} ${length}${until === null ? ' so far' : ''}`;
}

/** Times as ISO texts. */
const copyOf = (held: HeldRecord | undefined): Readonly<Record<string, unknown>> | null =>
  held === undefined
    ? null
    : {
        version: held.version,
        updatedAt: iso(held.updatedAt),
        lastChangedBy: held.readSource,
        readAloneAt: iso(held.detailAt),
        firstSeenAt: iso(held.firstSeenAt),
        changedAt: iso(held.changedAt),
        deletedAt: iso(held.deletedAt),
      };

const asJson = (moments: readonly Moment[]): readonly object[] =>
  moments.map((one) => ({ ...one, occurredAt: iso(one.occurredAt), recordedAt: iso(one.recordedAt) }));

function copyInWords(text: string, held: HeldRecord): string {
  const source = held.readSource === 'get' ? 'a single read' : 'a list';
  const alone = held.detailAt === null ? 'never read alone' : `read alone last at ${iso(held.detailAt) ?? ''}`;
  const end = held.deletedAt === null ? '' : `, deleted at ${iso(held.deletedAt) ?? ''}`;
  return `${text}: version ${held.version}, last told by ${source}, ${alone}${end}`;
}

function inWords(moment: Moment): string {
  const what = moment.path === 'fact' ? 'told ' : 'seen ';
  return `${iso(moment.recordedAt) ?? ''}  ${String(moment.seq).padStart(7)}  ${what} ${moment.type}${whyInWords(moment)}`;
}

function whyInWords({ path, actor, occurredAt, recordedAt, fields, toldBy, explains, isLate }: Moment): string {
  if (path === 'fact') {
    const by = actor === null ? '' : ` by ${actor}`;
    const late = `, ${durationInWords(Math.max(0, recordedAt - occurredAt))} after it happened`;
    const why = `; explains ${explains.join(', ')}${isLate ? ', which a read had shown before' : ''}`;
    return `${by}${late}${explains.length === 0 ? '; no change followed from it' : why}`;
  }
  const shown = fields.length > 6 ? `${fields.length} fields` : fields.join(', ');
  const why = toldBy.map((told) => (told.seq === 0 ? told.type : `${told.type} (${told.seq})`)).join(', ');
  return `: ${shown}; ${why === '' ? 'nothing told of it, a list or a regular read found it' : `because of ${why}`}`;
}
