import type { StoredEvent } from './event.ts';
import type { LogStatements } from './statements.ts';

const PAGE = 1_000;

/** All events of a stream, in order. */
export async function readStream(log: LogStatements, stream: string): Promise<readonly StoredEvent[]> {
  const all: StoredEvent[] = [];
  for (;;) {
    const page = await log.read(all.at(-1)?.seq ?? 0, PAGE, { stream });
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}
