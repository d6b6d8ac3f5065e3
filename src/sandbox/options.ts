import { systemClock, type Clock } from '../base/clock.ts';
import type { FaultPlan } from './faults/plan.ts';
import type { EventTypeInHooks } from './hooks/hook-manner.ts';
import { checkOptions, OPTION_CHECKS, type OptionCheck } from './check-options.ts';
import { clockFrom } from './clock-from.ts';
import type { WindowKind } from './http/rate-limit.ts';
import type { PlantSize } from './seed/plant-size.ts';

export interface SandboxOptions {
  /** 0: any free port. Default 4010. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Same seed, same plant and same life. Default 1. */
  readonly seed?: number;
  /** How big the plant is. Default small. */
  readonly plant?: PlantSize;
  /** Changes a second of the life; 0: nobody is at work. Default 0. */
  readonly rate?: number;
  /** Per user; 0: unlimited. Default 100. */
  readonly requestsPerMinute?: number;
  /** All users together; 0: unlimited. Default 500. */
  readonly organisationRequestsPerMinute?: number;
  /** Whether readings of meters have their own limits (FACTS 2.2). Default: unless `requestsPerMinute` is 0. */
  readonly meterLimits?: boolean;
  /** Length of the rate window. Default 60 000. */
  readonly windowMs?: number;
  /** Whether the whole allowance returns when a window ends, or each place a window after its request. Default fixed. */
  readonly windows?: WindowKind;
  /**
   * Where fixed windows begin: at this many milliseconds past each whole multiple of `windowMs`, the same for all.
   * Default: a window begins with the first request in it.
   */
  readonly windowPhaseMs?: number;
  /** How many organisations there are, each with a plant, keys and webhooks of its own. Default 1. */
  readonly organizations?: number;
  /**
   * Whether the key of one organisation is refused when `x-organization-id` comes with it, even with its own id:
   * integrations saw both (FACTS 2.1). Default false.
   */
  readonly strictOrganizationHeader?: boolean;
  /** Whether webhooks name their event in the body, see `HookManner`. Default never, as the specification has it. */
  readonly eventTypeInHooks?: EventTypeInHooks;
  /** Whether new webhook subscriptions are valid at once, or wait for `approve`. Default true. */
  readonly approveSubscriptions?: boolean;
  /** How long a receiver of webhooks has to answer. Default 10 000, as MaintainX gives it. */
  readonly hookTimeoutMs?: number;
  /** A subscription that failed for this long, without one success, is deleted. Default 24 hours. */
  readonly deleteFailingAfterMs?: number;
  /** How many of the last requests are remembered, for `requests()`. Default 10 000. */
  readonly requestLog?: number;
  /** What goes wrong. Default nothing. */
  readonly faults?: FaultPlan;
  /** The time at the start, in place of the real one: two processes that start at one time make one plant. */
  readonly now?: number;
  /** Default the system's, or with `now` one that runs on from there. */
  readonly clock?: Clock;
}

type Open = 'now' | 'windowPhaseMs';
export type Settings = Readonly<Required<Omit<SandboxOptions, Open>>> & Pick<SandboxOptions, 'windowPhaseMs'>;

const CHECKS: Readonly<Record<keyof SandboxOptions, OptionCheck>> = OPTION_CHECKS;

export function settingsFrom(options: SandboxOptions): Settings {
  checkOptions(CHECKS, options);
  return {
    port: options.port ?? 4010,
    host: options.host ?? '127.0.0.1',
    seed: options.seed ?? 1,
    plant: options.plant ?? 'small',
    rate: options.rate ?? 0,
    requestsPerMinute: options.requestsPerMinute ?? 100,
    organisationRequestsPerMinute: options.organisationRequestsPerMinute ?? 500,
    meterLimits: options.meterLimits ?? options.requestsPerMinute !== 0,
    windowMs: options.windowMs ?? 60_000,
    windows: options.windows ?? 'fixed',
    ...(options.windowPhaseMs === undefined ? {} : { windowPhaseMs: options.windowPhaseMs }),
    organizations: options.organizations ?? 1,
    strictOrganizationHeader: options.strictOrganizationHeader ?? false,
    eventTypeInHooks: options.eventTypeInHooks ?? 'never',
    approveSubscriptions: options.approveSubscriptions ?? true,
    hookTimeoutMs: options.hookTimeoutMs ?? 10_000,
    deleteFailingAfterMs: options.deleteFailingAfterMs ?? 86_400_000,
    requestLog: options.requestLog ?? 10_000,
    faults: options.faults ?? {},
    clock: options.clock ?? (options.now === undefined ? systemClock : clockFrom(options.now)),
  };
}
