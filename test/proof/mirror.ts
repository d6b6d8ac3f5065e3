import { canonicalJson } from '../../src/base/canonical-json.ts';
import { objectOf, type JsonObject } from '../../src/base/json.ts';
import { DEFAULT_KINDS } from '../../src/inbound/index.ts';
import { isKind, type Kind } from '../../src/maintainx/index.ts';
import { compareKind, evolve, type Copy, type Difference, type Folded } from '../../src/records/index.ts';
import { linesOf, runCommand } from './gateway.ts';
import { pause, startPlant } from './plant.ts';
import { keepResult } from './result.ts';
import { numberIn, objectIn, textIn } from './shapes.ts';

export interface MirrorOptions {
  readonly minutes: number;
  readonly changesPerSecond: number;
  readonly seed: number;
  /** The sandbox's limit; 100 is MaintainX's own and far too little for 5 changes a second. */
  readonly requestsPerMinute: number;
}

/**
 * People work in a plant for some minutes while the gateway follows; then the copy must equal the plant in every
 * compared field, deletes included, and every record must be the fold of its state events, byte for byte.
 */
export async function proveMirror(options: MirrorOptions): Promise<void> {
  const { minutes, changesPerSecond, seed, requestsPerMinute } = options;
  const plant = await startPlant({
    seed,
    requestsPerMinute,
    env: {
      MILLWRIGHT_POLL_INTERVAL_MS: '15000',
      MILLWRIGHT_SWEEP_INTERVAL_MS: '60000',
      MILLWRIGHT_UPKEEP_SHARE: '100',
      LOG_LEVEL: 'error',
    },
  });
  const { controlUrl, env } = plant;
  try {
    await control(controlUrl, 'rate', { changesPerSecond });
    await follow(controlUrl, env, minutes * 60_000);
    await control(controlUrl, 'rate', { changesPerSecond: 0 });
    await pause(2_000);
    await runCommand(['sync', 'status', '--wait', '--timeout', '900'], env);
    // As a person would, who knows that people were at work: many deletes between two sweeps put on the brake.
    await runCommand(['sync', 'sweep', '--release-brake'], env);
    const settled = objectIn(JSON.parse(await runCommand(['sync', 'status', '--wait', '--json'], env)));
    await judge(options, controlUrl, env, settled);
  } finally {
    await plant.stop();
  }
}

async function judge(
  options: MirrorOptions,
  controlUrl: string,
  env: Readonly<Record<string, string>>,
  settled: JsonObject,
): Promise<void> {
  const records = linesOf(await runCommand(['export', 'records'], env)).map(objectIn);
  const events = linesOf(await runCommand(['export', 'events'], env)).map(objectIn);
  const originals = linesOf(await (await fetch(`${controlUrl}/records`)).text()).map(objectIn);
  const stats = objectIn(await (await fetch(`${controlUrl}/stats`)).json());
  const copies = records.map(copyOf);
  const differences = DEFAULT_KINDS.flatMap((kind) =>
    compareKind(
      kind,
      originals.filter((one) => one['kind'] === kind).map((one) => objectOf(one['record'])),
      copies.filter((one) => one.key.kind === kind),
    ),
  );
  const unfolded = notFolded(records, events);
  const fields = copies
    .filter((one) => one.deletedAt === null)
    .reduce((sum, one) => sum + Object.keys(one.state).length, 0);
  const deleted = copies.filter((one) => one.deletedAt !== null).length;
  const gapless = events.every((event, index) => numberIn(event, 'seq') === index + 1);
  const holds = differences.length === 0 && unfolded.length === 0 && gapless && deleted > 0 && originals.length > 0;
  keepResult('mirror', holds, {
    ...options,
    sandbox: stats,
    records: originals.length,
    fields,
    deleted,
    events: events.length,
    facts: events.filter((event) => event['family'] === 'fact').length,
    gapless,
    differences: differences.length,
    firstDifferences: differences.slice(0, 10).map(brief),
    recordsThatAreNotTheirFold: unfolded.length,
    parked: settled['parked'],
  });
}

const copyOf = (line: JsonObject): Copy => ({
  key: { organizationId: textIn(line, 'organizationId'), kind: kindIn(line), recordId: textIn(line, 'id') },
  state: objectOf(line['record']),
  deletedAt: typeof line['deletedAt'] === 'string' ? Date.parse(line['deletedAt']) : null,
});

function kindIn(line: JsonObject): Kind {
  const kind = textIn(line, 'kind');
  if (!isKind(kind)) throw new Error(`unknown kind ${kind}`);
  return kind;
}

/** Records whose state events, folded by the exported log alone, give other bytes, another version or another fate. */
function notFolded(records: readonly JsonObject[], events: readonly JsonObject[]): readonly string[] {
  const folded = new Map<string, Folded | undefined>();
  for (const event of events) {
    const stream = textIn(event, 'stream');
    const data = canonicalJson(event['data']);
    const family = textIn(event, 'family') === 'state' ? 'state' : 'fact';
    folded.set(stream, evolve(folded.get(stream), { family, type: textIn(event, 'type'), data }));
  }
  return records
    .filter((record) => {
      const fold = folded.get(`${textIn(record, 'kind')}/${textIn(record, 'organizationId')}/${textIn(record, 'id')}`);
      return (
        canonicalJson(fold?.state) !== canonicalJson(record['record']) ||
        fold?.version !== record['version'] ||
        fold?.deleted !== (record['deletedAt'] !== null)
      );
    })
    .map((record) => textIn(record, 'cursor'));
}

const brief = (one: Difference): string =>
  `${one.kind} ${one.recordId} ${one.field}: ${short(one.here)} here, ${short(one.there)} there`;
const short = (value: unknown): string => JSON.stringify(value).slice(0, 80);

/** Says every half minute how far the copy is behind. */
async function follow(controlUrl: string, env: Readonly<Record<string, string>>, ms: number): Promise<void> {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    await pause(Math.min(30_000, end - Date.now()));
    const status = objectIn(JSON.parse(await runCommand(['sync', 'status', '--json'], env)));
    const stats = objectIn(await (await fetch(`${controlUrl}/stats`)).json());
    const figures = `${numberIn(stats, 'changes')} changes, ${numberIn(status, 'lastSeq')} events`;
    console.log(`${figures}, waiting ${JSON.stringify(status['waiting'])}`);
  }
}

async function control(controlUrl: string, path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${controlUrl}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`the sandbox answered ${answer.status}`);
}
