import { createRequire } from 'node:module';
import type { Json } from '../../src/base/json.ts';

/** As much of the linter as is used here; it is installed in this folder alone. */
interface Linter {
  setRuleset(ruleset: unknown): void;
  run(
    document: Json,
  ): Promise<readonly { code: string | number; message: string; path: readonly unknown[]; severity: number }[]>;
}

const ERROR = 0;
const WORDS: Readonly<Record<number, string>> = { 0: 'error', 1: 'warning' };

/** What a linter finds in an OpenAPI document, by its recommended rules. Hints are left out. */
export async function findingsIn(
  document: Json,
): Promise<{ readonly errors: number; readonly lines: readonly string[] }> {
  const here = createRequire(import.meta.url);
  const { Spectral } = here('@stoplight/spectral-core') as { readonly Spectral: new () => Linter };
  const { oas } = here('@stoplight/spectral-rulesets') as { readonly oas: unknown };
  const linter = new Spectral();
  linter.setRuleset({ extends: [oas] });
  const found = (await linter.run(document)).filter(({ severity }) => WORDS[severity] !== undefined);
  return {
    errors: found.filter(({ severity }) => severity === ERROR).length,
    lines: found.map(
      ({ code, message, path, severity }) => `${WORDS[severity]} ${code} at ${path.join('.')}: ${message}`,
    ),
  };
}
