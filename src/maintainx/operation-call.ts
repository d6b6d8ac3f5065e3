import { isObject, type Json, type JsonObject } from '../base/json.ts';
import type { Problem } from './answers.ts';
import { checkCall, entriesOf, isEntries, type Entries } from './call-check.ts';
import { goodAnswer, resolved } from './catalogue/index.ts';
import { raiseMaintainx } from './errors.ts';
import { trapIn } from './guards.ts';
import { longWindowsOf } from './long-windows.ts';
import {
  isOperationName,
  operationOf,
  rowsKey,
  type Answer,
  type ListName,
  type LooseInput,
  type OperationName,
  type RowOf,
} from './operations.ts';
import { cursorOf, follow, type Page } from './paging.ts';
import type { OperationShape } from './specification/index.ts';
import { repeat, sendOnce, type Call, type Connection, type Reply } from './transport.ts';
import { asWrite } from './write-failure.ts';

/** Sends one operation and answers what MaintainX answered: undefined when the operation has no answer. */
export async function callOperation<Name extends OperationName>(
  connection: Connection,
  name: Name,
  input: LooseInput = {},
): Promise<Answer<Name>> {
  const { value } = await exchange(connection, name, input);
  if (!isAnswer(name, value)) throw unreadable(name, 'another shape');
  return value;
}

/** All pages of a list. A page has 200 rows unless the query says otherwise: requests are what is scarce. */
export function pagesOf<Name extends ListName>(
  connection: Connection,
  name: Name,
  input: LooseInput = {},
): AsyncGenerator<Page<RowOf<Name>>> {
  const read = (cursor: string | undefined): Promise<Page<RowOf<Name>>> =>
    pageOfOperation(
      connection,
      name,
      withQuery(input, (given) => ({ ...given, limit: given['limit'] === undefined ? 200 : given['limit'], cursor })),
    );
  const { cursor: first } = entriesOf(entriesOf(input)['query']);
  return follow(read, name, typeof first === 'string' ? first : undefined);
}

async function pageOfOperation<Name extends ListName>(
  connection: Connection,
  name: Name,
  input: LooseInput = {},
): Promise<Page<RowOf<Name>>> {
  const { body, serverTime } = await exchange(connection, name, input);
  const rows = body[rowsKey(operationOf(name)) ?? ''];
  return {
    rows: Array.isArray(rows) ? rows.filter((row) => isRow<Name>(row)) : [],
    nextCursor: cursorOf(body),
    serverTime,
  };
}

/** The call that will be sent; throws before anything is sent when it does not fit or would spring a trap. */
function preparedCall(connection: Connection, name: OperationName, input: LooseInput): Call {
  const { organizationId, clock } = connection;
  if (!isOperationName(name)) throw invalid(String(name), [{ error: 'is no operation of MaintainX' }]);
  if (!isEntries(input)) throw invalid(name, [{ error: 'must be a plain object', fieldPath: 'input' }]);
  const completed = withDefaults(name, input);
  const checked = checkCall(name, completed);
  const trap = trapIn({ name, input, checked, organizationId, now: clock.now() });
  if (trap !== undefined) throw trap;
  const { problems, path, query, content, organizationIds } = checked;
  if (problems.length > 0) throw invalid(name, problems);
  const { method, path: template } = operationOf(name);
  const { path: given, manualMeters } = input as LooseInput;
  const told = { path: entriesOf(given), json: checked.json, manualMeters: idsIn(manualMeters) };
  const windows = longWindowsOf(name, told);
  return { method, path, query, content, organizationIds, windows, what: `${method} ${template}` };
}

const idsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((id) => typeof id === 'number' || typeof id === 'string').map(String) : [];

/** FACTS 2.3: without `show_upcoming` work orders that start in the future are hidden. */
function withDefaults(name: OperationName, input: LooseInput): LooseInput {
  return name === 'listWorkOrders'
    ? withQuery(input, (given) => ({ ...given, show_upcoming: given['show_upcoming'] ?? true }))
    : input;
}

/** The input with another query; what is no query stays as it is, for the check to refuse. */
function withQuery(input: LooseInput, change: (given: Entries) => Entries): LooseInput {
  if (!isEntries(input)) return input;
  const { query = {} } = input;
  return isEntries(query) ? { ...input, query: change(query) } : input;
}

function invalid(name: string, problems: readonly Problem[]): Error {
  const said = problems.map((one) => `${one.fieldPath ?? ''} ${one.error}`.trim()).join('; ');
  return raiseMaintainx('maintainx-call-invalid', `${name} was not sent: ${said.slice(0, 500)}`, { problems });
}

/** Sends an operation, after every check, and answers only what holds what the operation promises. */
export async function exchange(connection: Connection, name: OperationName, input: LooseInput = {}): Promise<Reply> {
  const call = preparedCall(connection, name, input);
  const once = async (): Promise<Reply> => {
    const reply = await sendOnce(connection, call);
    const lack = lackIn(operationOf(name), reply.value);
    if (lack !== undefined) throw unreadable(name, lack);
    return reply;
  };
  return asWrite(call.method, () => repeat(connection, call.method, once));
}

/**
 * What an answer lacks of what its operation promises; everything that MaintainX adds is kept. Asked is for what a
 * caller cannot do without: the rows of a list, the wrapped record, the id of what was created.
 */
function lackIn(operation: OperationShape, value: Json | undefined): string | undefined {
  const { shape } = goodAnswer(operation);
  if (shape.type === undefined) return undefined;
  if (shape.type === 'array') return Array.isArray(value) ? undefined : 'no array';
  if (!isObject(value)) return 'no object';
  const needed = neededKey(operation);
  return needed === undefined || fits(value, needed) ? undefined : `no "${needed.key}"`;
}

interface Needed {
  readonly key: string;
  readonly type: string | undefined;
}

function neededKey(operation: OperationShape): Needed | undefined {
  const { properties = {} } = goodAnswer(operation).shape;
  const keys = Object.keys(properties);
  const rows = operation.method === 'GET' ? rowsKey(operation) : undefined;
  const key = rows ?? ('id' in properties ? 'id' : keys.length === 1 ? keys[0] : undefined);
  const shape = key === undefined ? undefined : properties[key];
  return key === undefined || shape === undefined ? undefined : { key, type: resolved(shape).type };
}

function fits(value: JsonObject, { key, type }: Needed): boolean {
  const one = Object.hasOwn(value, key) ? value[key] : undefined;
  if (type === 'array') return Array.isArray(one);
  if (type === 'object') return isObject(one);
  if (type === 'string') return typeof one === 'string';
  // An id beyond 2^53 comes as its digits.
  if (type === 'integer' || type === 'number')
    return typeof one === 'number' || (typeof one === 'string' && /^\d+$/.test(one));
  return one !== undefined && one !== null;
}

/** `exchange` has seen that the answer holds what its operation promises. */
const isAnswer = <Name extends OperationName>(name: Name, value: unknown): value is Answer<Name> =>
  goodAnswer(operationOf(name)).shape.type === undefined || value !== undefined;

const isRow = <Name extends ListName>(row: unknown): row is RowOf<Name> => isObject(row);

const unreadable = (name: OperationName, why: string): Error =>
  raiseMaintainx('maintainx-unreadable', `${name} was answered 2xx with ${why}`, { operation: name });
