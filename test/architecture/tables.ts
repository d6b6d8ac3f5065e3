import { partOf } from './layers.ts';
import { isTest, lineOf, sourceFiles, type Finding, type Sources } from './source.ts';
import { stringsOf } from './strings.ts';

/** The one folder that writes each table. */
const OWNERS: Readonly<Record<string, string>> = {
  installation: 'postgres',
  database_home: 'postgres',
  schema_migrations: 'postgres',
  tenants: 'tenants',
  connections: 'tenants',
  tenant_keys: 'vault',
  events: 'log',
  checkpoints: 'log',
  records: 'records',
  deliveries: 'inbound',
  delivery_queue: 'inbound',
  delivery_parked: 'inbound',
  hydrations: 'inbound',
  hook_keys: 'inbound',
  access_tokens: 'access',
  audit: 'audit',
  repeatable_requests: 'administration',
  tenant_figures: 'projections',
  webhook_subscriptions: 'inbound',
  poll_cursors: 'inbound',
  sync_runs: 'inbound',
  sync_run_kinds: 'inbound',
  sweep_pages: 'inbound',
  pull_settings: 'inbound',
  access: 'inbound',
  tenant_leases: 'jobs',
  quota_windows: 'quota',
  files: 'files',
};

const MAP = 'test/architecture/tables.ts';
const CREATE = /\bcreate\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?(?:\w+\.)?"?(\w+)/gi;
const DROP = /\bdrop\s+table\s+(?:if\s+exists\s+)?(?:\w+\.)?"?(\w+)/gi;
const WRITES = [
  /\b(?:insert\s+into|merge\s+into|delete\s+from|truncate\s+table|truncate|copy)\s+(?:only\s+)?(?:\w+\.)?"?(\w+|\$\{\0*\})/gi,
  /\bupdate\s+(?:only\s+)?(?:\w+\.)?"?(\w+|\$\{\0*\})"?(?:\s+(?:as\s+)?\w+)?\s+set\b/gi,
];

/** Each table is written in one folder of src, and each has such an owner. Tests may plant rows where they like. */
export function tableFindings(sources: Sources, owners = OWNERS): readonly Finding[] {
  const created = tablesOf(sources);
  return [...ownerless(created, owners), ...stale(created, owners), ...strangers(sources, created, owners)];
}

type Places = ReadonlyMap<string, { readonly file: string; readonly line: number }>;

/** Tables that the migrations, or statements in src, create and do not drop again. */
function tablesOf(sources: Sources): Places {
  const places = new Map<string, { file: string; line: number }>();
  for (const [file, text] of statements(sources)) {
    for (const match of text.matchAll(CREATE)) places.set(nameIn(match), { file, line: lineOf(text, match.index) });
    for (const match of text.matchAll(DROP)) places.delete(nameIn(match));
  }
  return places;
}

/** SQL of the migrations in order, then the strings of src, each padded so that its lines are those of its file. */
function statements(sources: Sources): readonly (readonly [file: string, text: string])[] {
  const migrations = [...sources]
    .filter(([file]) => /^migrations\/.*\.sql$/.test(file))
    .sort(([left], [right]) => (left < right ? -1 : 1));
  const inSource = sourceFiles(sources).filter(([file]) => !isTest(file));
  return [
    ...migrations.map(([file, text]) => [file, withoutComments(text)] as const),
    ...inSource.flatMap(([file, text]) =>
      stringsOf(file, text).map((one) => [file, '\n'.repeat(lineOf(text, one.start) - 1) + one.text] as const),
    ),
  ];
}

const withoutComments = (sql: string): string => sql.replace(/--.*$/gm, '');
const nameIn = (match: RegExpExecArray): string => (match[1] ?? '').toLowerCase();

function ownerless(created: Places, owners: Readonly<Record<string, string>>): readonly Finding[] {
  return [...created]
    .filter(([table]) => owners[table] === undefined)
    .map(([table, place]) => ({ ...place, message: `table ${table} has no owner: name its folder in ${MAP}` }));
}

function stale(created: Places, owners: Readonly<Record<string, string>>): readonly Finding[] {
  return Object.keys(owners)
    .filter((table) => !created.has(table))
    .map((table) => ({ file: MAP, line: 1, message: `no migration creates table ${table}: take it out of the map` }));
}

function strangers(sources: Sources, created: Places, owners: Readonly<Record<string, string>>): readonly Finding[] {
  return statements(sources)
    .filter(([file]) => file.startsWith('src/'))
    .flatMap(([file, text]) =>
      WRITES.flatMap((write) => [...text.matchAll(write)]).flatMap((match) => {
        const message = complaint(file, nameIn(match), created, owners);
        return message === undefined ? [] : [{ file, line: lineOf(text, match.index), message }];
      }),
    );
}

function complaint(
  file: string,
  table: string,
  created: Places,
  owners: Readonly<Record<string, string>>,
): string | undefined {
  if (table.startsWith('$')) return 'writes a table that the statement does not name: write its name out';
  if (!created.has(table) || owners[table] === undefined || owners[table] === partOf(file)) return undefined;
  return `writes ${table}, which src/${owners[table]} owns: call a function of that folder`;
}
