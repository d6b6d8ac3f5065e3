import { defineConfig } from 'vitest/config';

/** Pure tests alone, without a database, and no further than the first failure. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    exclude: ['**/*.db.test.ts', '**/node_modules/**'],
    reporters: ['dot'],
    pool: 'threads',
    maxWorkers: 1,
    bail: 1,
    testTimeout: 10_000,
  },
});
