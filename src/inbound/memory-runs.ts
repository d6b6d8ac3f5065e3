import type { Undo } from '../base/undo.ts';
import type { HeldRecord, MemoryRecords } from '../records/index.ts';
import { freshKind, isActive, type Run } from './run.ts';
import type { RunStatements, Sought } from './statements.ts';

/** One tenant's runs in memory, and what its sweeps have met, by `<run>/<kind>/<page>`. */
export interface MemoryRuns {
  readonly runs: Map<string, Run>;
  readonly met: Map<string, readonly string[]>;
}

export const emptyMemoryRuns = (): MemoryRuns => ({ runs: new Map(), met: new Map() });

export function memoryRuns({ runs, met }: MemoryRuns, records: MemoryRecords, undo: Undo): RunStatements {
  const runsOf = (organizationId: string | null): Run[] =>
    [...runs.values()].filter((run) => organizationId === null || run.organizationId === organizationId);
  const underWay = (organizationId: string | null): Run[] =>
    runsOf(organizationId)
      .filter((run) => run.state !== 'done')
      .sort((left, right) => (left.what < right.what ? -1 : 1));
  const change = (runId: string, changed: (run: Run) => Partial<Run>): Promise<void> => {
    const run = runs.get(runId);
    if (run !== undefined) undo.set(runs, runId, { ...run, ...changed(run) });
    return Promise.resolve();
  };
  const end = (runId: string, ended: Partial<Run>): Promise<void> => {
    for (const key of met.keys()) if (key.startsWith(`${runId}/`)) undo.delete(met, key);
    return change(runId, () => ended);
  };
  return {
    request: (run, kinds) => {
      const known = underWay(run.organizationId).find((one) => one.what === run.what);
      if (known !== undefined) return Promise.resolve(known);
      const open = { state: 'requested', surveyedAt: null, plan: null, finishedAt: null, reason: null } as const;
      const made: Run = { ...run, ...open, progress: kinds.map(freshKind) };
      undo.set(runs, run.runId, made);
      return Promise.resolve(made);
    },
    current: (organizationId) => Promise.resolve(underWay(organizationId).find(isActive)),
    unfinished: (organizationId, what) => Promise.resolve(underWay(organizationId).find((run) => run.what === what)),
    find: (runId) => Promise.resolve(runs.get(runId)),
    save: (runId, part) =>
      change(runId, ({ state, progress }) => ({
        state: state === 'requested' ? 'running' : state,
        progress: progress.map((one) => (one.kind === part.kind ? part : one)),
      })),
    surveyed: (runId, surveyedAt, plan) => change(runId, () => ({ surveyedAt, plan })),
    go: (runId) => change(runId, ({ options }) => ({ options: { ...options, planOnly: false } })),
    finish: (runId, finishedAt, reason) => end(runId, { state: 'done', finishedAt, reason }),
    giveUp: (runId, reason) => end(runId, { state: 'done', reason }),
    ...metIn(met, records, undo),
    last: (organizationId, what) =>
      Promise.resolve(
        runsOf(organizationId)
          .filter((run) => run.what === what && run.finishedAt !== null)
          .sort((left, right) => (right.finishedAt ?? 0) - (left.finishedAt ?? 0))[0],
      ),
    lastFinished: (organizationId, what) => {
      const ofEach = [...Map.groupBy(runsOf(organizationId), (run) => run.organizationId).values()].map((all) =>
        latest(all.filter((run) => run.what === what).flatMap((run) => run.finishedAt ?? [])),
      );
      const times = ofEach.filter((time) => time !== null);
      return Promise.resolve(times.length === 0 || times.length < ofEach.length ? null : Math.min(...times));
    },
  };
}

const latest = (times: readonly number[]): number | null => (times.length === 0 ? null : Math.max(...times));

function metIn(
  met: MemoryRuns['met'],
  records: MemoryRecords,
  undo: Undo,
): Pick<RunStatements, 'meet' | 'metBefore' | 'forgetMet' | 'missing'> {
  const keysOf = (runId: string, kind: string): string[] =>
    [...met.keys()].filter((key) => key.startsWith(`${runId}/${kind}/`));
  const idsOf = (runId: string, kind: string): ReadonlySet<string> =>
    new Set(keysOf(runId, kind).flatMap((key) => met.get(key) ?? []));
  return {
    meet: (runId, kind, page, ids) => {
      undo.set(met, `${runId}/${kind}/${page}`, ids);
      return Promise.resolve();
    },
    metBefore: (runId, kind, ids) => {
      const known = idsOf(runId, kind);
      return Promise.resolve(ids.filter((id) => known.has(id)).length);
    },
    forgetMet: (runId, kind) => {
      for (const key of keysOf(runId, kind)) undo.delete(met, key);
      return Promise.resolve();
    },
    missing: (sought) => {
      const known = idsOf(sought.runId, sought.kind);
      const living = [...records.values()].filter((record) => isSought(record, sought));
      const ids = living.map((record) => record.key.recordId);
      return Promise.resolve({ living: ids.length, missing: ids.filter((id) => !known.has(id)) });
    },
  };
}

function isSought({ key, deletedAt, firstSeenAt, state }: HeldRecord, sought: Sought): boolean {
  if (key.organizationId !== sought.organizationId || key.kind !== sought.kind || deletedAt !== null) return false;
  if (firstSeenAt >= sought.firstSeenBefore) return false;
  if (sought.createdFrom === null) return true;
  const createdAt = state['createdAt'];
  return typeof createdAt === 'string' && createdAt >= new Date(sought.createdFrom).toISOString();
}
