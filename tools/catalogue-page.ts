import {
  COLLECTIONS,
  eventShape,
  HOOK_EVENTS,
  isHookEvent,
  LIMITS,
  SPECIFICATION,
  TRAPS,
  UNITS,
  type Collection,
  type Limit,
} from '../src/maintainx/catalogue/index.ts';
import { page, table } from './page.ts';

const code = (text: string): string => `\`${text}\``;
const codes = (texts: readonly string[]): string => texts.map(code).join(', ');

/** What the catalogue holds of MaintainX, with the source of each claim. */
export function cataloguePage(): string {
  return page(
    'What we know of MaintainX',
    `The catalogue in \`src/maintainx/catalogue/\`, as of version ${SPECIFICATION.version} of the specification. Sources: a JSON ` +
      'pointer (`#/…`) leads into the specification; "FACTS" is what integrators saw in production, proven against the ' +
      'sandbox in `test/facts/`. Operations have no ids there; their names follow a rule (`src/maintainx/specification/naming.ts`).',
    [
      `## Traps\n\n${trapTable()}`,
      `## Limits\n\n${limitTable()}`,
      `## Units\n\n${unitTable()}`,
      `## Collections\n\n${collectionTable()}`,
      `## Operations\n\n${operationTable()}`,
      `## Webhook events\n\n${eventTable()}`,
    ].join('\n\n'),
  );
}

const trapTable = (): string =>
  table(
    ['What happens', 'What stands against it', 'Source'],
    Object.values(TRAPS).map(({ what, guard, source }) => [what, guard, source]),
  );

function limitTable(): string {
  const limits: Readonly<Record<string, Limit>> = LIMITS;
  return table(
    ['Limit', 'Value', 'Source'],
    Object.entries(limits).map(([name, { value, unit, per, source }]) => [
      code(name),
      `${value} ${unit}${per === undefined ? '' : ` in ${per} seconds`}`,
      source,
    ]),
  );
}

const unitTable = (): string =>
  table(
    ['Collection', 'Field', 'Unit', 'Source'],
    UNITS.map(({ collection, field, unit, source }) => [collection, code(field), unit, source]),
  );

function collectionTable(): string {
  const collections: Readonly<Record<string, Collection>> = COLLECTIONS;
  return table(
    ['Collection', 'Nested in', 'Paging', 'A change without a webhook is noticed', 'Events', 'Operations'],
    Object.entries(collections).map(([name, one]) => [
      name,
      one.of ?? '',
      one.paging,
      one.noticed,
      codes(one.events),
      codes(one.operations),
    ]),
  );
}

const operationTable = (): string =>
  table(
    ['Operation', 'Method and path', 'Answers'],
    Object.entries(SPECIFICATION.operations).map(([name, { method, path, answers }]) => [
      code(name),
      code(`${method} ${path}`),
      Object.keys(answers).join(', '),
    ]),
  );

function eventTable(): string {
  const rows = Object.entries(HOOK_EVENTS).flatMap(([event, { fact, records }]) => {
    if (!isHookEvent(event)) return [];
    const { required, fields, filters, options } = eventShape(event);
    return [
      [
        code(event),
        fact,
        codes(records.map(({ id }) => id)),
        codes(required),
        codes(fields.filter((field) => !required.includes(field))),
        codes(filters),
        codes(options),
      ],
    ];
  });
  return table(['Event', 'Our fact', 'Ids of records', 'Always', 'At times', 'Filters', 'Options'], rows);
}
