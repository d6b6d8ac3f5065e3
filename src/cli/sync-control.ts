import { Command, InvalidArgumentError } from 'commander';
import { changeSettings, releaseHeld } from '../administration/index.ts';
import { isKind, type Kind } from '../maintainx/index.ts';
import { change, chosenTenant, withInstallation } from './context.ts';
import { writeJson, writeLine } from './output.ts';

interface Options {
  readonly tenant?: string;
  readonly json?: true;
}

export const pauseCommand = (): Command =>
  control('pause', 'Let the first copy rest; webhooks, polling and sweeps go on.', true);
export const resumeCommand = (): Command => control('resume', 'Let a paused copy go on where it stopped.', false);

function control(name: string, description: string, pause: boolean): Command {
  return new Command(name)
    .description(description)
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option('--json', 'print JSON')
    .action((options: Options) =>
      withInstallation(async (installation) => {
        const { tenantId, name: tenant } = await chosenTenant(installation, options.tenant);
        await change(installation, tenantId, 'changeSettings', changeSettings({ paused: pause }));
        if (options.json === true) return void (await writeJson({ tenant, paused: pause }));
        await writeLine(pause ? 'paused; `millwright sync resume` lets it go on' : 'goes on');
      }),
    );
}

interface ReleaseOptions extends Options {
  readonly kind?: Kind;
}

export function releaseCommand(): Command {
  return new Command('release')
    .description('Believe that the records are gone whose deletes are held back. Each is still looked up once.')
    .option('--tenant <name>', 'which tenant; default: the only one')
    .option('--kind <kind>', 'of this kind only', kindFrom)
    .option('--json', 'print JSON')
    .action((options: ReleaseOptions) =>
      withInstallation(async (installation) => {
        const { tenantId, name: tenant } = await chosenTenant(installation, options.tenant);
        const work = releaseHeld(options.kind ?? null);
        const { released } = await change(installation, tenantId, 'releaseDeletes', work);
        if (options.json === true) return void (await writeJson({ tenant, released }));
        await writeLine(`${released} records are looked up; those that are gone count as deleted`);
      }),
    );
}

function kindFrom(text: string): Kind {
  if (!isKind(text)) throw new InvalidArgumentError(`"${text}" is no kind of record.`);
  return text;
}
