import { defineConfig } from 'vitest/config';
import shared from '../../vitest.config.ts';

/** The tests that talk to the API over HTTP, behind the validating proxy. */
export default defineConfig({
  test: {
    ...shared.test,
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/api-*.db.test.ts', 'test/organisations.db.test.ts'],
    setupFiles: ['./test/prism/behind-proxy.ts'],
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
