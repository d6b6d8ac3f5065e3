/**
 * Writes the pages that are made from tables in the code: docs/configuration.md from SETTINGS, docs/errors.md from the
 * two error tables, docs/coverage.md and docs/maintainx.md from the catalogue. A test fails when a committed page is not what this makes.
 *
 *     npm run generate
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { ErrorTable } from '../src/base/coded-error.ts';
import { SETTINGS } from '../src/config.ts';
import { ERRORS } from '../src/errors.ts';
import { MAINTAINX_ERRORS } from '../src/maintainx/errors.ts';
import { apiClientOperations } from './api-client.ts';
import { cataloguePage } from './catalogue-page.ts';
import { coveragePage } from './coverage-page.ts';
import { page, table } from './page.ts';

/** What the configuration page says of one setting. */
export interface DocumentedSetting {
  readonly env: string;
  readonly type: string;
  readonly default?: string;
  readonly description: string;
}

/** Every page that is made from code, by its path from the root of the repository. */
export function pages(): Readonly<Record<string, string>> {
  return {
    'docs/configuration.md': configurationPage(SETTINGS),
    'docs/coverage.md': coveragePage(),
    'docs/errors.md': errorsPage(ERRORS, MAINTAINX_ERRORS),
    'docs/maintainx.md': cataloguePage(),
    'src/api-client/generated/operations.ts': apiClientOperations(),
  };
}

/** All settings, in the order of their table. */
export function configurationPage(settings: Readonly<Record<string, DocumentedSetting>>): string {
  const rows = Object.values(settings).map((one) => [
    `\`${one.env}\``,
    one.type,
    one.default === undefined ? '' : `\`${one.default}\``,
    one.description,
  ]);
  return page(
    'Configuration',
    'Everything is set by environment variables. An empty variable counts as absent; a value that cannot be used stops the ' +
      'start with a message that names the variable. Settings of type secret and postgres URL are never shown or logged.',
    table(['Variable', 'Type', 'Default', 'Meaning'], rows),
  );
}

/** All error codes: those of the gateway, then those of the MaintainX client. */
export function errorsPage(gateway: ErrorTable, client: ErrorTable): string {
  return page(
    'Errors',
    'Every error carries one of these codes, in answers of the API, in the log and in messages of the command line. ' +
      'Codes stay as they are; messages may change. *Retry*: the same call may succeed later without anybody changing anything.',
    `## Gateway\n\n${errorTable(gateway)}\n\n## MaintainX client\n\n${errorTable(client)}`,
  );
}

function errorTable(errors: ErrorTable): string {
  const rows = Object.entries(errors).map(([code, kind]) => [
    `\`${code}\``,
    String(kind.status),
    kind.retryable ? 'yes' : 'no',
    kind.meaning,
  ]);
  return table(['Code', 'HTTP status', 'Retry', 'What happened and what to do'], rows);
}

function main(): void {
  const root = new URL('../', import.meta.url);
  mkdirSync(new URL('docs/', root), { recursive: true });
  for (const [path, text] of Object.entries(pages())) {
    writeFileSync(new URL(path, root), text);
    console.log(`wrote ${path}`);
  }
}

if (import.meta.main) main();
