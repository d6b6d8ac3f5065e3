import type { Undo } from '../base/undo.ts';
import type { Run, RunStatements } from './statements.ts';

/** One tenant's runs in memory. */
export type MemoryRuns = Map<string, Run>;

export function memoryRuns(table: MemoryRuns, undo: Undo): RunStatements {
  const underWay = (): Run[] =>
    [...table.values()]
      .filter((run) => run.state === 'requested' || run.state === 'running')
      .sort((left, right) => (left.what < right.what ? -1 : 1));
  const change = (runId: string, changed: Partial<Run>): Promise<void> => {
    const run = table.get(runId);
    if (run !== undefined) undo.set(table, runId, { ...run, ...changed });
    return Promise.resolve();
  };
  return {
    request: (run) => {
      const known = underWay().find((one) => one.what === run.what);
      if (known !== undefined) return Promise.resolve(known);
      const made: Run = { ...run, state: 'requested', progress: [], finishedAt: null, reason: null };
      undo.set(table, run.runId, made);
      return Promise.resolve(made);
    },
    current: () => Promise.resolve(underWay()[0]),
    find: (runId) => Promise.resolve(table.get(runId)),
    save: (runId, progress) => change(runId, { state: 'running', progress }),
    finish: (runId, finishedAt, reason) => change(runId, { state: 'done', finishedAt, reason }),
    lastSweep: () =>
      Promise.resolve(
        [...table.values()]
          .filter((run) => run.what === 'sweep' && run.state === 'done')
          .sort((left, right) => (right.finishedAt ?? 0) - (left.finishedAt ?? 0))[0],
      ),
    lastFinished: (what) => {
      const times = [...table.values()]
        .filter((run) => run.what === what && run.state === 'done')
        .map((run) => run.finishedAt ?? 0);
      return Promise.resolve(times.length === 0 ? null : Math.max(...times));
    },
  };
}
