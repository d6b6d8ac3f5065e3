import { canonicalJson } from '../../src/base/canonical-json.ts';
import type { InboundStore } from '../../src/inbound/index.ts';
import { recordStream, type StoredEvent } from '../../src/log/index.ts';
import type { Kind } from '../../src/maintainx/index.ts';
import { compareKind, evolve, type Difference, type Folded, type HeldRecord } from '../../src/records/index.ts';
import type { InProcessSandbox } from '../../src/sandbox/in-process.ts';

const MOST = 1_000;

/** All that a tenant's copy consists of. */
export interface Copied {
  readonly records: readonly HeldRecord[];
  readonly events: readonly StoredEvent[];
}

export async function copyOf(store: InboundStore, tenantId: string): Promise<Copied> {
  return store.transact(tenantId, async (tx) => {
    const records: HeldRecord[] = [];
    for (
      let page = await tx.records.page(null, MOST);
      page.length > 0;
      page = await tx.records.page(page.at(-1)?.key ?? null, MOST)
    )
      records.push(...page);
    const events: StoredEvent[] = [];
    for (let page = await tx.log.read(0, MOST); page.length > 0; page = await tx.log.read(page.at(-1)?.seq ?? 0, MOST))
      events.push(...page);
    return { records, events };
  });
}

/** Where the copy and the plant differ: records, fields, deletes. */
export function differencesBetween(
  sandbox: InProcessSandbox,
  copied: readonly Kind[],
  { records }: Copied,
): readonly string[] {
  return copied
    .flatMap((kind) =>
      compareKind(
        kind,
        sandbox.records(kind),
        records.filter(({ key }) => key.kind === kind),
      ),
    )
    .map(inWords);
}

const inWords = ({ kind, recordId, field, here, there }: Difference): string =>
  `${kind} ${recordId} ${field}: ${short(here)} here, ${short(there)} there`;
const short = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 90);

/** What is wrong with the copy by itself: numbers with gaps, records that are not the fold of their state events. */
export function contradictionsIn({ records, events }: Copied): readonly string[] {
  const gaps = events.filter((event, index) => event.seq !== index + 1);
  const folded = new Map<string, Folded | undefined>();
  for (const event of events) folded.set(event.stream, evolve(folded.get(event.stream), event));
  const unfolded = records.filter((record) => {
    const { organizationId, kind, recordId } = record.key;
    const fold = folded.get(recordStream(kind, organizationId, recordId));
    const isSame = canonicalJson(fold?.state) === canonicalJson(record.state);
    return !isSame || fold?.version !== record.version || fold?.deleted !== (record.deletedAt !== null);
  });
  const known = new Set(records.map(({ key }) => recordStream(key.kind, key.organizationId, key.recordId)));
  const strangers = [...folded].filter(([stream, fold]) => fold !== undefined && !known.has(stream));
  return [
    ...gaps.slice(0, 1).map((event) => `the log has a gap before event ${event.seq}`),
    ...unfolded.map(({ key }) => `${key.kind} ${key.recordId} is not the fold of its state events`),
    ...strangers.map(([stream]) => `${stream} has state events but no record`),
  ];
}
