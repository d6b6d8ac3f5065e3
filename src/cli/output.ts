/** Writes one line; waits while the reader is slower than we are. Resolves false once nobody reads any more. */
export async function writeLine(line: string): Promise<boolean> {
  if (process.stdout.destroyed || process.stdout.writableEnded) return false;
  if (process.stdout.write(`${line}\n`)) return true;
  return new Promise((resolve) => {
    const over = (isRead: boolean) => (): void => {
      process.stdout.off('drain', drained);
      process.stdout.off('error', lost);
      resolve(isRead);
    };
    const [drained, lost] = [over(true), over(false)];
    process.stdout.on('drain', drained);
    process.stdout.on('error', lost);
  });
}

export const writeJson = (value: unknown): Promise<boolean> => writeLine(JSON.stringify(value));

/** Epoch milliseconds as ISO text, or null. */
export const iso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());

/** Rows under a heading, columns aligned. */
export function table(heading: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const all = [heading, ...rows.map((row) => row.map(String))];
  const widths = heading.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
