import { goodAnswer, resolved, SPECIFICATION, type Operations } from './catalogue/index.ts';
import type { Method, OperationShape } from './specification/index.ts';

/** An operation by its name, e.g. `listWorkOrders`. */
export type OperationName = keyof Operations;

/** Operations whose path has an `{id}` that the document forgets to declare. */
export type Undeclared = 'listConversationMembers' | 'listWorkOrderComments' | 'listWorkOrderSubWorkOrders';

/** Lists that take custom fields as filters (FACTS 2.3). */
export type FilteredByCustomFields =
  'listAssets' | 'listLocations' | 'listParts' | 'listPurchaseOrders' | 'listVendors';

/** Lists over several organisations at once (FACTS 2.1). */
export type OverOrganizations = 'listAssets' | 'listLocations' | 'listManufacturers' | 'listModels' | 'listParts';

type WritesStock = 'updatePart' | 'updatePurchaseOrder' | 'updatePurchaseOrderFulfillment';
type WritesReadings = 'createMeterReading' | 'createMeterReadings';

type PathOf<Name extends OperationName> = Name extends Undeclared
  ? { readonly id: number | string }
  : Operations[Name]['path'];

/** `{ key: Value }`, the key optional when `Value` may be empty, and absent when it has no keys at all. */
type Part<Key extends string, Value> = [keyof Value] extends [never]
  ? { readonly [K in Key]?: undefined }
  : Partial<Value> extends Value
    ? { readonly [K in Key]?: Value }
    : { readonly [K in Key]: Value };

type BodyPart<Body> = [Body] extends [undefined]
  ? { readonly body?: undefined }
  : [Body] extends [Uint8Array]
    ? { readonly body: Body; readonly contentType?: string }
    : { readonly body: Body };

type CustomFieldsPart<Name> = Name extends FilteredByCustomFields
  ? {
      /** By label; several values of one field: any of them. */
      readonly customFields?: Readonly<Record<string, string | readonly string[]>>;
    }
  : unknown;

type OrganizationsPart<Name> = Name extends OverOrganizations
  ? { readonly organizationIds?: readonly (number | string)[] }
  : unknown;

type PermissionPart<Name> = Name extends WritesStock
  ? {
      /** Write the deprecated stock fields all the same; they switch off multi-location parts (FACTS 2.4). */
      readonly allowLegacyStock?: boolean;
    }
  : Name extends WritesReadings
    ? {
        /** Send readings older than three days all the same; only manual meters may take them. */
        readonly allowOldReadings?: boolean;
        /**
         * Which of the meters are MANUAL: MaintainX takes ten readings a day of each, and the eleventh is not sent. Of meters
         * that are not named here, only MaintainX's own refusal tells.
         */
        readonly manualMeters?: readonly (number | string)[];
      }
    : unknown;

/** All that a call of the operation takes. */
export type CallInput<Name extends OperationName> = Part<'path', PathOf<Name>> &
  Part<'query', Operations[Name]['query']> &
  BodyPart<Operations[Name]['body']> &
  CustomFieldsPart<Name> &
  OrganizationsPart<Name> &
  PermissionPart<Name>;

/** The arguments after the name: none are needed when the operation needs none. */
export type CallArguments<Name extends OperationName> =
  Partial<CallInput<Name>> extends CallInput<Name> ? [input?: CallInput<Name>] : [input: CallInput<Name>];

export type Answer<Name extends OperationName> = Operations[Name]['answer'];

/** Operations that answer pages. */
export type ListName = {
  [Name in OperationName]: 'cursor' extends keyof Operations[Name]['query'] ? Name : never;
}[OperationName];

/** A row of the list that the operation answers. */
export type RowOf<Name extends ListName> = {
  [Key in keyof Answer<Name>]-?: NonNullable<Answer<Name>[Key]> extends readonly (infer Row)[] ? Row : never;
}[keyof Answer<Name>];

/** A call as the guards see it: whatever a caller without types passed. */
export interface LooseInput {
  readonly path?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly contentType?: unknown;
  readonly customFields?: unknown;
  readonly organizationIds?: unknown;
  readonly allowLegacyStock?: unknown;
  readonly allowOldReadings?: unknown;
  readonly manualMeters?: unknown;
}

export const operationOf = (name: OperationName): OperationShape => SPECIFICATION.operations[name];

export const isOperationName = (name: string): name is OperationName => Object.hasOwn(SPECIFICATION.operations, name);

/** The operation with this method at this path. */
export function operationAt(method: Method, path: string): OperationName {
  const found = Object.entries(SPECIFICATION.operations).find(([, one]) => one.method === method && one.path === path);
  if (found === undefined || !isOperationName(found[0])) throw new Error(`no operation: ${method} ${path}`);
  return found[0];
}

/** Names of the parameters in the operation's path. */
export const pathNames = ({ path }: OperationShape): readonly string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].flatMap((found) => found[1] ?? []);

/** The key of the rows in a list's answer. */
export function rowsKey(operation: OperationShape): string | undefined {
  const properties = Object.entries(goodAnswer(operation).shape.properties ?? {});
  return properties.find(([, shape]) => resolved(shape).type === 'array')?.[0];
}
