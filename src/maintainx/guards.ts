import type { CodedError } from '../base/coded-error.ts';
import { objectOf, type Json } from '../base/json.ts';
import type { CheckedCall } from './call-check.ts';
import { raiseMaintainx } from './errors.ts';
import type { LooseInput, OperationName } from './operations.ts';

/** A call that is about to be sent. */
export interface GuardedCall {
  readonly name: OperationName;
  readonly input: LooseInput;
  readonly checked: Pick<CheckedCall, 'query' | 'json'>;
  /** The organisation that the client always names. */
  readonly organizationId: string | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

type Guard = (call: GuardedCall) => CodedError | undefined;

/** Traps of MaintainX's API: calls that are answered, but do something else than they say. The first one that springs. */
export function trapIn(call: GuardedCall): CodedError | undefined {
  for (const guard of GUARDS) {
    const error = guard(call);
    if (error !== undefined) return error;
  }
  return undefined;
}

/** FACTS 2.3: CANCELED with SKIPPED answers 200, an empty list and no cursor, whatever there is. */
const statusesCombined: Guard = ({ name, checked }) => {
  if (name !== 'listWorkOrders') return undefined;
  const asked = checked.query.filter(([key]) => key === 'statuses').map(([, status]) => status);
  return asked.includes('CANCELED') && asked.includes('SKIPPED')
    ? raiseMaintainx(
        'maintainx-statuses-combined',
        'statuses CANCELED and SKIPPED in one filter give an empty list: ask for them in two calls',
      )
    : undefined;
};

/** FACTS 2.4: PATCH /workorders/{id} has no status, and no call sets SKIPPED. */
const statusNotSettable: Guard = ({ name, checked: { json } }) => {
  const { status } = objectOf(json);
  const elsewhere = name === 'updateWorkOrder' && status !== undefined;
  const skipped = name === 'updateWorkOrderStatus' && status === 'SKIPPED';
  if (!elsewhere && !skipped) return undefined;
  const message = skipped
    ? 'MaintainX sets SKIPPED by itself: choose OPEN, IN_PROGRESS, ON_HOLD, DONE or CANCELED'
    : 'updateWorkOrder has no status: call updateWorkOrderStatus';
  return raiseMaintainx('maintainx-status-not-settable', message);
};

/** FACTS 2.4: startDate is valid only with dueDate. An update may rely on the dueDate that is there. */
const startWithoutDue: Guard = ({ name, checked: { json } }) => {
  const { startDate, dueDate } = objectOf(json);
  return name === 'createWorkOrder' && isGiven(startDate) && !isGiven(dueDate)
    ? raiseMaintainx('maintainx-start-without-due', 'startDate without dueDate: send both, or neither')
    : undefined;
};

const isGiven = (value: Json | undefined): boolean => value !== undefined && value !== null;

const LEGACY_PART_FIELDS = ['area', 'availableQuantity', 'locationId', 'minimumQuantity'] as const;

/** FACTS 2.4, the parts safety switch: MaintainX deactivates multi-location parts for the whole organisation. */
const legacyStock: Guard = ({ name, input, checked: { json } }) => {
  if (input.allowLegacyStock === true) return undefined;
  const fields = legacyFields(name, json);
  return fields.length === 0
    ? undefined
    : raiseMaintainx(
        'maintainx-legacy-stock',
        `${fields.join(', ')}: deprecated fields that switch off multi-location parts for the whole organisation; ` +
          `write ${name === 'updatePart' ? 'locations.addedUpdated[]' : 'items[].fulfillments[] by updatePurchaseOrderFulfillment'}`,
        { fields },
      );
};

function legacyFields(name: OperationName, json: Json | undefined): readonly string[] {
  const body = objectOf(json);
  if (name === 'updatePart') return LEGACY_PART_FIELDS.filter((field) => body[field] !== undefined);
  if (name !== 'updatePurchaseOrder' && name !== 'updatePurchaseOrderFulfillment') return [];
  const items: readonly Json[] = Array.isArray(body['items']) ? body['items'] : [];
  const isLegacy = items.some((item) => objectOf(item)['quantityReceived'] !== undefined);
  return isLegacy ? ['items[].quantityReceived'] : [];
}

const THREE_DAYS_MS = 3 * 24 * 60 * 60_000;

function readingDates({ name, checked: { json } }: GuardedCall): readonly string[] {
  if (name !== 'createMeterReading' && name !== 'createMeterReadings') return [];
  const readings: readonly (Json | undefined)[] = Array.isArray(json) ? json : [json];
  return readings.map((one) => objectOf(one)['readingDate']).filter((date) => typeof date === 'string');
}

/** A date that nobody can read is neither old nor new. */
const readingUndated: Guard = (call) => {
  const unread = readingDates(call).find((date) => Number.isNaN(Date.parse(date)));
  if (unread === undefined) return undefined;
  const problems = [{ error: 'must be a date and time', fieldPath: 'readingDate', fieldValue: unread }];
  return raiseMaintainx('maintainx-call-invalid', `${call.name} was not sent: readingDate is no date`, { problems });
};

/** FACTS 2.4: a reading may lie three days back, no further. */
const readingTooOld: Guard = (call) => {
  if (call.input.allowOldReadings === true) return undefined;
  const old = readingDates(call).find((date) => Date.parse(date) < call.now - THREE_DAYS_MS);
  return old === undefined
    ? undefined
    : raiseMaintainx('maintainx-reading-too-old', `the reading of ${old} is more than three days old`);
};

/** FACTS 1.3: sensitive, never enable. Switching it off must go through. */
const tokensInWebhooks: Guard = ({ name, checked: { json } }) =>
  (name === 'createSubscription' || name === 'updateSubscription') && enables(json, 'includeOAuthTokensInPayload')
    ? raiseMaintainx(
        'maintainx-tokens-in-webhooks',
        'includeOAuthTokensInPayload would send secrets with every webhook',
      )
    : undefined;

/** The depth is bounded: the body came through `parseJson`. */
function enables(value: Json | undefined, key: string): boolean {
  const inside: readonly Json[] = Array.isArray(value) ? value : Object.values(objectOf(value));
  return (objectOf(value)[key] ?? false) !== false || inside.some((one) => enables(one, key));
}

/** FACTS 2.1: never both headers. */
const organizationHeaders: Guard = ({ input, organizationId }) =>
  input.organizationIds !== undefined && organizationId !== undefined
    ? raiseMaintainx(
        'maintainx-organization-headers',
        'this client names one organisation in every call: make one without organizationId for organizationIds',
      )
    : undefined;

const GUARDS: readonly Guard[] = [
  statusesCombined,
  statusNotSettable,
  startWithoutDue,
  legacyStock,
  readingUndated,
  readingTooOld,
  tokensInWebhooks,
  organizationHeaders,
];
