import { inspect } from 'node:util';
import { WINDOW_KINDS } from './http/rate-limit.ts';
import { PLANT_SIZES } from './seed/plant-size.ts';
import { EVENT_TYPE_IN_HOOKS } from './hooks/hook-manner.ts';

/** What a value must be, in words, when it is not. */
export type OptionCheck = (value: unknown) => string | undefined;

const number =
  (least: number, most = Number.MAX_SAFE_INTEGER, isWhole = true): OptionCheck =>
  (value) => {
    const fits = typeof value === 'number' && value >= least && value <= most && (!isWhole || Number.isInteger(value));
    return fits ? undefined : `a ${isWhole ? 'whole number' : 'number'} from ${least} to ${most}`;
  };
const flag: OptionCheck = (value) => (typeof value === 'boolean' ? undefined : 'true or false');
const object: OptionCheck = (value) => (typeof value === 'object' && value !== null ? undefined : 'an object');
const text: OptionCheck = (value) => (typeof value === 'string' && value !== '' ? undefined : 'text');
const oneOf =
  (words: readonly string[]): OptionCheck =>
  (value) =>
    typeof value === 'string' && words.includes(value) ? undefined : `one of ${words.join(', ')}`;

const FAR_FUTURE = 8.64e15;

export const MOST_CHANGES_PER_SECOND = 10_000;
export const MOST_SEED = 2 ** 31 - 1;

/** Five hundred organisations have ids apart; see `organization.ts`. */
export const MOST_ORGANIZATIONS = 500;

export const OPTION_CHECKS = {
  port: number(0, 65_535),
  host: text,
  seed: number(0, MOST_SEED),
  plant: oneOf(PLANT_SIZES),
  rate: number(0, MOST_CHANGES_PER_SECOND, false),
  requestsPerMinute: number(0),
  organisationRequestsPerMinute: number(0),
  meterLimits: flag,
  windowMs: number(1),
  windows: oneOf(WINDOW_KINDS),
  windowPhaseMs: number(0),
  organizations: number(1, MOST_ORGANIZATIONS),
  strictOrganizationHeader: flag,
  eventTypeInHooks: oneOf(EVENT_TYPE_IN_HOOKS),
  approveSubscriptions: flag,
  hookTimeoutMs: number(1),
  deleteFailingAfterMs: number(0),
  requestLog: number(0, 10_000_000),
  faults: object,
  now: number(-FAR_FUTURE, FAR_FUTURE, false),
  clock: object,
} satisfies Readonly<Record<string, OptionCheck>>;

/** Refuses what no sandbox can be started with, and names what is wrong. */
export function checkOptions(checks: Readonly<Record<string, OptionCheck>>, options: object): void {
  for (const [name, value] of Object.entries<unknown>({ ...options })) {
    if (value === undefined) continue;
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) throw new TypeError(`startSandbox has no option "${name}"`);
    const wanted = check(value);
    if (wanted !== undefined) throw new RangeError(`${name} must be ${wanted}, not ${inspect(value, { depth: 0 })}`);
  }
}
