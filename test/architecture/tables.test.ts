import { expect, test } from 'vitest';
import { planted } from './planted.ts';
import type { Finding } from './source.ts';
import { tableFindings } from './tables.ts';

const MIGRATION = 'create table events (\n  seq bigint\n);\n-- create table commented ();\ncreate table tenants ();\n';
const OWNERS = { events: 'log', tenants: 'tenants' };

const findings = (files: Record<string, string>, owners: Record<string, string> = OWNERS): readonly Finding[] =>
  tableFindings(planted({ 'migrations/0001_first.sql': MIGRATION, ...files }), owners);
const writing = (sql: string, file = 'src/inbound/a.ts'): number => findings({ [file]: `query(\`${sql}\`);` }).length;

test.each([
  'insert into events values (1)',
  'INSERT INTO public.events values (1)',
  'with x as (select 1) delete from events',
  'update events set seq = 1',
  'update only events as e set seq = 1',
  'merge into events using x on true when matched then delete',
  'truncate table events',
  'truncate events',
  'copy events from stdin',
])('only the owner may: %s', (sql) => {
  expect(writing(sql)).toBe(1);
  expect(writing(sql, 'src/log/a.ts')).toBe(0);
  expect(writing(sql, 'src/inbound/a.test.ts')).toBe(0);
});

test.each(['select * from events', 'select 1 from events for update', 'insert into elsewhere values (1)'])(
  'anybody may: %s',
  (sql) => {
    expect(writing(sql)).toBe(0);
  },
);

test('a comment writes nothing', () => {
  expect(findings({ 'src/inbound/a.ts': '// insert into events' })).toEqual([]);
});

test('the table must be named in the statement', () => {
  expect(findings({ 'src/log/a.ts': 'query(`select 1;\n  insert into ${table} values (1)`)' })).toEqual([
    { file: 'src/log/a.ts', line: 2, message: expect.stringContaining('does not name') },
  ]);
});

test('the finding names the line and the owner', () => {
  expect(
    findings({ 'src/inbound/a.ts': '\nquery(`with x as (select 1)\n  insert into events select * from x`);' }),
  ).toEqual([
    { file: 'src/inbound/a.ts', line: 3, message: 'writes events, which src/log owns: call a function of that folder' },
  ]);
});

test('a new table needs an owner, wherever it is created', () => {
  expect(findings({ 'migrations/0002_more.sql': '\ncreate table novelties ();' })).toMatchObject([
    { file: 'migrations/0002_more.sql', line: 2, message: expect.stringContaining('table novelties has no owner') },
  ]);
  expect(findings({ 'src/postgres/a.ts': 'query("create table if not exists novelties ()")' })).toHaveLength(1);
});

test('the map holds no table that is gone', () => {
  expect(findings({ 'migrations/0002_less.sql': 'drop table events;' })).toMatchObject([
    { message: expect.stringContaining('no migration creates table events') },
  ]);
});
