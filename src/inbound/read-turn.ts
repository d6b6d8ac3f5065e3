import type { JsonObject } from '../base/json.ts';
import type { Lease } from '../jobs/index.ts';
import type { EnginePorts, Site } from './engine.ts';
import type { PullSettings } from './settings.ts';
import type { Hydration } from './statements.ts';

/** One turn of reading a tenant's wanted records. */
export interface ReadTurn {
  readonly ports: EnginePorts;
  readonly site: Site;
  readonly lease: Lease;
  readonly signal: AbortSignal;
  readonly settings: PullSettings;
}

/** A single read that is over, and can be stored. */
export interface FinishedRead {
  readonly wanted: Hydration;
  /** null: there is no such record, and that is proven. */
  readonly raw: JsonObject | null;
  /** Ticket drawn before the read began. */
  readonly began: number;
  /** When it ended, epoch milliseconds. */
  readonly at: number;
}
