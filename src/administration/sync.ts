import { canonicalJson } from '../base/canonical-json.ts';
import type { Json } from '../base/json.ts';
import {
  listedIn,
  type NewRun,
  type PullSettings,
  type Run,
  type RunKind,
  type RunOptions,
  type Writes,
} from '../inbound/index.ts';
import type { Kind } from '../maintainx/index.ts';
import { organizationIdsOf, organizationMeant, setTenantWorkers } from '../tenants/index.ts';
import type { Change, ChangeTransaction } from './office.ts';

/** What a person chooses of a tenant's copy, as the API and the audit have it. Lengths are milliseconds, times ISO 8601. */
export interface SettingsJson {
  readonly [name: string]: Json;
  /** Null: all but those that are optional. */
  readonly kinds: readonly Kind[] | null;
  readonly since: string | null;
  readonly details: 'all' | 'none';
  readonly files: 'all' | 'none';
  readonly paused: boolean;
  readonly sweepIntervalMs: number | null;
  readonly writes: Writes;
  /** Percent. */
  readonly quotaShare: number | null;
  readonly fairPerSecond: number | null;
  readonly connections: number | null;
  readonly workers: number | null;
  readonly rereadMs: Readonly<Record<string, number>>;
}

export const settingsAsJson = (settings: PullSettings): SettingsJson => ({
  ...settings,
  since: settings.since === null ? null : new Date(settings.since).toISOString(),
  rereadMs: { ...settings.rereadMs },
});

/**
 * Changes what is given and leaves the rest. What is copied holds from now on, for sweeps too: a first copy that was asked for with
 * another choice ends, and the next one begins anew.
 */
export const changeSettings =
  (given: Partial<PullSettings>): Change<SettingsJson> =>
  async (tx) => {
    const held = await tx.inbound.settings.read();
    const after = { ...held, ...given };
    await tx.inbound.settings.write(after);
    // Whoever claims work looks there, before any tenant is known.
    if (after.workers !== held.workers) await setTenantWorkers(tx.whole, after.workers);
    if (after.details === 'none') await tx.inbound.hydrations.dropDetails();
    if (choiceIn(after) !== choiceIn(held)) await endFirstCopy(tx);
    wakeReaders(tx);
    // What was left undone is done, and what would be done is told.
    if (after.writes !== held.writes) tx.inbound.leases.wake('guard', tx.now);
    const answer = settingsAsJson(after);
    return { target: 'settings', before: settingsAsJson(held), after: answer, answer };
  };

/** What of the settings is a choice of what to copy. */
const choiceIn = ({ kinds, since, details, files }: PullSettings): string =>
  canonicalJson({ kinds, since, details, files });

async function endFirstCopy({ inbound, whole }: ChangeTransaction): Promise<void> {
  for (const organizationId of await organizationIdsOf(whole)) {
    const unfinished = await inbound.runs.unfinished(organizationId, 'backfill');
    if (unfinished !== undefined)
      await inbound.runs.giveUp(unfinished.runId, 'another choice of what to copy took its place');
  }
}

function wakeReaders({ inbound, now }: ChangeTransaction): void {
  for (const lane of ['pull', 'hydrate'] as const) inbound.leases.wake(lane, now);
}

/** Asks for a run in an organisation (undefined: the only one); one of its sort that is under way is answered instead. */
export const requestRun =
  (
    runId: string,
    organization: string | undefined,
    what: RunKind,
    options: RunOptions,
  ): Change<{ runId: string; state: Run['state'] }> =>
  async (tx) => {
    wakeReaders(tx);
    const organizationId = await organizationMeant(tx.whole, organization);
    const run = await askForRun(tx, { runId, organizationId, what, options, requestedAt: tx.now });
    const answer = { runId: run.runId, state: run.state };
    return { target: `${what} of organisation ${organizationId}`, before: null, after: answer, answer };
  };

/** The run that is asked for, or the one of its sort that is under way. */
async function askForRun({ inbound }: ChangeTransaction, asked: NewRun): Promise<Run> {
  const { what, options } = asked;
  const settings = await inbound.settings.read();
  if (what === 'backfill' && !options.planOnly && settings.paused)
    await inbound.settings.write({ ...settings, paused: false });
  const run = await inbound.runs.request(asked, listedIn(settings));
  if (!options.planOnly) await inbound.runs.go(run.runId);
  return run;
}

/** Believes that records are gone whose deletes are held back; null: of all kinds. Answers how many are looked up. */
export const releaseHeld =
  (kind: Kind | null): Change<{ released: number }> =>
  async ({ inbound, now }) => {
    inbound.leases.wake('hydrate', now);
    const released = await inbound.hydrations.release(kind, now);
    return { target: kind ?? 'all kinds', before: null, after: { released }, answer: { released } };
  };
