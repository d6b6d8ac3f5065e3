import { join } from 'node:path';
import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { raise } from '../errors.ts';
import {
  compareSpecifications,
  groupDifferences,
  HOOK_EVENTS,
  kindEntry,
  KINDS,
  placeInWords,
  SEVERITIES,
  SPECIFICATION,
  type Difference,
  type DifferenceGroup,
  type Parts,
  type Severity,
  type Specification,
} from '../maintainx/index.ts';
import { noteLook, type SinceLastLook } from './contract-log.ts';
import { specificationFrom } from './contract-source.ts';
import { writeJson, writeLine } from './output.ts';

interface Options {
  readonly spec: string;
  readonly log?: string;
  readonly json?: true;
}

const PARTS: Parts = { mirrored: KINDS.map(kindEntry), events: HOOK_EVENTS };

export function contractCommand(): Command {
  return new Command('contract')
    .description("Say what is new, gone or changed in MaintainX's OpenAPI document against what Millwright knows.")
    .requiredOption('--spec <file-or-url>', 'the document, e.g. https://api.getmaintainx.com/v1/openapi.json')
    .option('--log <file>', 'where to note what was seen; default: contract.ndjson in MILLWRIGHT_DATA_DIR')
    .option('--json', 'print a list of all differences as JSON')
    .addHelpText(
      'after',
      '\nExit code: 0 nothing differs from what Millwright knows, 1 something differs, 2 the document cannot be compared.',
    )
    .action(async (options: Options) => {
      const log = options.log ?? join(readConfig().dataDir, 'contract.ndjson');
      const specification = await specificationFrom(options.spec);
      if (!knowsAny(specification))
        throw raise('specification-invalid', `${options.spec} has none of the operations of MaintainX`);
      const differences = compareSpecifications(SPECIFICATION, specification, PARTS);
      const since = noteLook(log, { specification, differences, parts: PARTS, now: Date.now() });
      if (options.json === true) await writeJson(withNews(differences, since));
      else await report(specification, differences, since);
      if (differences.length > 0) process.exitCode = 1;
    });
}

/** A document without any known operation is another API's, or a part of MaintainX's that was cut off. */
const knowsAny = ({ operations }: Specification): boolean =>
  Object.keys(operations).some((name) => Object.hasOwn(SPECIFICATION.operations, name));

/** Whether each difference came since the last look; null when there was none. */
function withNews(differences: readonly Difference[], since: SinceLastLook | undefined): readonly unknown[] {
  const fresh = new Set(since?.differences.map(identityOf));
  return differences.map((one) => ({
    ...one,
    sinceLastLook: since === undefined ? null : fresh.has(identityOf(one)),
  }));
}

const identityOf = ({ verb, aspect, place, after }: Difference): string =>
  JSON.stringify([verb, aspect, placeInWords(place), after]);

const HEADINGS: Readonly<Record<Severity, string>> = {
  breaking: 'Breaking: we or users may fail',
  new: 'New: something to use',
  note: 'Notes',
};

async function report(
  { version, operations, events }: Specification,
  differences: readonly Difference[],
  since: SinceLastLook | undefined,
): Promise<void> {
  const [calls, hooks] = [Object.keys(operations).length, Object.keys(events).length];
  await writeLine(`MaintainX specification, version "${version}": ${calls} operations, ${hooks} events`);
  const groups = groupDifferences(differences);
  for (const severity of SEVERITIES) {
    const these = groups.filter((group) => group.severity === severity);
    if (these.length > 0) await writeLine(`\n${HEADINGS[severity]}`);
    for (const group of these) for (const line of linesOf(group)) await writeLine(line);
  }
  await writeLine('');
  await tellSince(since);
  await writeLine(countInWords(differences, groups.length));
}

/** More places of one change are counted only: --json names all. */
const MOST_PLACES = 12;

function linesOf({ sentence, places, affects }: DifferenceGroup): readonly string[] {
  const shown = places.slice(0, MOST_PLACES).map((place) => `      ${placeInWords(place)}`);
  const more = places.length - shown.length;
  return [
    `  ${sentence}`,
    ...shown,
    ...(more > 0 ? [`      and at ${more} more places: --json names them`] : []),
    ...(affects.length > 0 ? [`    affects ${few(affects)}`] : []),
  ];
}

const few = (words: readonly string[]): string =>
  words.length <= MOST_PLACES
    ? words.join('; ')
    : `${words.slice(0, MOST_PLACES).join('; ')}; and ${words.length - MOST_PLACES} more`;

async function tellSince(since: SinceLastLook | undefined): Promise<void> {
  if (since === undefined)
    return void (await writeLine('This is the first look; the next one says what changed since.'));
  const groups = groupDifferences(since.differences);
  await writeLine(`Since the last look (${since.at}): ${groups.length === 0 ? 'nothing changed' : ''}`.trimEnd());
  for (const { sentence, places } of groups) {
    const [first] = places;
    const more = places.length > 1 ? ` and at ${places.length - 1} more places` : '';
    await writeLine(`  ${sentence}${first === undefined ? '' : ` — ${placeInWords(first)}${more}`}`);
  }
}

function countInWords(differences: readonly Difference[], changes: number): string {
  if (differences.length === 0) return '0 differences: it is what Millwright knows.';
  const counts = SEVERITIES.map((severity) => {
    const count = differences.filter((one) => one.severity === severity).length;
    return `${count} ${severity}`;
  });
  const total = differences.length === 1 ? '1 difference' : `${differences.length} differences`;
  return `${total} (${changes === 1 ? '1 change' : `${changes} changes`}): ${counts.join(', ')}.`;
}
