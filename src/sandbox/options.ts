import { systemClock, type Clock } from '../base/clock.ts';

export interface SandboxOptions {
  /** 0: any free port. Default 4010. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Same seed, same plant and same life. Default 1. */
  readonly seed?: number;
  /** Changes a second of the life; 0: nobody is at work. Default 0. */
  readonly rate?: number;
  /** Per user; 0: unlimited. Default 100. */
  readonly requestsPerMinute?: number;
  /** All users together; 0: unlimited. Default 500. */
  readonly organisationRequestsPerMinute?: number;
  /** Length of the fixed rate window. Default 60 000. */
  readonly windowMs?: number;
  /** Default the system's. */
  readonly clock?: Clock;
}

export type Settings = Readonly<Required<SandboxOptions>>;

export function settingsFrom(options: SandboxOptions): Settings {
  return {
    port: options.port ?? 4010,
    host: options.host ?? '127.0.0.1',
    seed: options.seed ?? 1,
    rate: options.rate ?? 0,
    requestsPerMinute: options.requestsPerMinute ?? 100,
    organisationRequestsPerMinute: options.organisationRequestsPerMinute ?? 500,
    windowMs: options.windowMs ?? 60_000,
    clock: options.clock ?? systemClock,
  };
}
