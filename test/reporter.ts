import type { Reporter, TestModule, Vitest } from 'vitest/node';

type Errors = Parameters<NonNullable<Reporter['onTestRunEnd']>>[1];

/** Time for the teardown of the whole run, milliseconds; after that something keeps vitest from ending. */
const TEARDOWN = 30_000;

/**
 * Closes a run with one line that programs can read: `12 passed, 0 failed, 1 skipped`. Whatever turns the run red counts
 * as failed: tests, files that could not be imported, hooks of a file or of a `describe`, errors outside any test.
 */
export default class ClosingLine implements Reporter {
  #watching = false;

  onInit(vitest: Vitest): void {
    this.#watching = vitest.config.watch;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: Errors): void {
    const passed = count(modules, 'passed');
    const failed = count(modules, 'failed') + brokenSuites(modules) + unhandled.length;
    const skipped = count(modules, 'skipped');
    const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    console.log(line);
    if (!this.#watching) endInTime(line, failed > 0 ? 1 : undefined);
  }
}

function count(modules: readonly TestModule[], state: 'passed' | 'failed' | 'skipped'): number {
  return modules.reduce((sum, module) => sum + [...module.children.allTests(state)].length, 0);
}

/** Modules and suites that carry an error of their own, as a failed import or `beforeAll`. */
function brokenSuites(modules: readonly TestModule[]): number {
  const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
  return suites.filter((suite) => suite.errors().length > 0).length;
}

/**
 * A process that a test started and left behind holds the output of its worker open, and vitest would wait for it for
 * ever. The timer itself keeps nothing waiting.
 */
function endInTime(line: string, code: number | undefined): void {
  setTimeout(() => {
    console.error('vitest did not end by itself: a test left a process behind, or a teardown hangs');
    console.log(line);
    process.exit(code ?? process.exitCode ?? 0);
  }, TEARDOWN).unref();
}
