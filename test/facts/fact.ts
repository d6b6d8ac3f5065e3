import { test } from 'vitest';
import { FACTS, type FactId } from './facts.ts';

/** The test that proves a fact against the sandbox, named by it. */
export function fact(id: FactId, prove: () => Promise<void> | void): void {
  test(`FACTS ${id}: ${FACTS[id]}`, prove);
}
