import { raise } from '../../errors.ts';

const LINES = 15;

/** The error of this folder; `evidence` is what a program printed or the server logged, of which the end is shown. */
export function failed(message: string, evidence = '', cause?: unknown): Error {
  const shown = lastLines(evidence);
  return raise('embedded-postgres-failed', shown === '' ? message : `${message}:\n${shown}`, {}, cause);
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** PostgreSQL logs the text of a statement that failed, and such a statement may set a password. */
function lastLines(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines
    .slice(-LINES)
    .join('\n')
    .replace(/(password\s+)'[^']*'?/gi, "$1'[redacted]'");
}
