import { Command } from 'commander';
import { redactField } from '../administration/index.ts';
import { raise } from '../errors.ts';
import { organizationMeant } from '../tenants/index.ts';
import { change, chosenTenant, ORGANIZATION, withInstallation } from './context.ts';
import { writeJson, writeLine } from './output.ts';
import { recordNameFrom } from './record-name.ts';

interface Options {
  readonly tenant?: string;
  readonly organization?: string;
  readonly field: string;
  readonly reason: string;
  readonly yes?: true;
  readonly json?: true;
}

export function redactCommand(): Command {
  return new Command('redact')
    .description(
      'Forget for good what a field of a record was, in its events and in the webhooks that told of it. What it is now stays, unless the record is deleted.',
    )
    .argument('<record>', 'e.g. work-order/1234')
    .requiredOption('--field <name>', 'e.g. description')
    .requiredOption('--reason <text>', 'why, for the audit')
    .option('--yes', 'it cannot be undone')
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option(...ORGANIZATION)
    .option('--json', 'print JSON')
    .action((record: string, { tenant, organization, field, reason, yes, json }: Options) =>
      withInstallation(async (installation) => {
        const name = recordNameFrom(record);
        if (yes !== true) throw raise('usage', 'it cannot be undone: add --yes');
        const { tenantId } = await chosenTenant(installation, tenant);
        const { database } = installation;
        const organizationId = await database.withTenant(tenantId, (tx) => organizationMeant(tx, organization));
        const work = redactField({ organizationId, ...name }, field, reason);
        const { events, webhooks } = await change(installation, tenantId, 'redactField', work);
        if (json === true) return void (await writeJson({ record, field, events, webhooks }));
        await writeLine(
          `${record}: ${field} is redacted in ${events} events; the bodies of ${webhooks} webhooks are gone`,
        );
      }),
    );
}
