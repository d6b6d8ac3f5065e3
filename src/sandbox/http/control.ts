/**
 * The control API, beside the API of MaintainX and without authentication. It is the sandbox's own; MaintainX has no such thing.
 *
 *   GET  /_sandbox/stats                live numbers, see `SandboxStats`
 *   GET  /_sandbox/records?kind=asset   NDJSON: every living record of the kind as its single GET shows it
 *   GET  /_sandbox/records              NDJSON of all kinds: {"kind", "record"} per line
 *   GET  /_sandbox/subscriptions        webhook subscriptions with type, url, secret and status
 *   GET  /_sandbox/changes              the last sentences of the life, newest last
 *   POST /_sandbox/rate                 {"changesPerSecond": 5}: how much goes on; 0 stops it
 */
import { isObject } from '../../base/json.ts';
import { isKind, KINDS, type Kind } from '../../maintainx/catalogue/index.ts';
import { noRoute, refused, type Answer } from './answer.ts';
import { jsonFrom } from './request.ts';
import type { Row } from '../plant/row.ts';
import { statsOf } from '../stats.ts';
import { fullRecord } from '../operations/view.ts';
import type { World } from '../world.ts';

export const CONTROL_PATH = '/_sandbox';

export function controlAnswer(world: World, method: string, url: URL, bytes: Uint8Array): Answer {
  switch (`${method} ${url.pathname.slice(CONTROL_PATH.length)}`) {
    case 'GET /stats':
      return asJson(statsOf(world));
    case 'GET /records':
      return recordsAnswer(world, url.searchParams.get('kind'));
    case 'GET /subscriptions':
      return asJson(
        world.subscriptions
          .all()
          .map(({ id, type, url: to, secret, status }) => ({ id, type, url: to, secret, status })),
      );
    case 'GET /changes':
      return asJson(world.chronicle.recent());
    case 'POST /rate':
      return setRate(world, bytes);
    default:
      return noRoute(method, url.pathname);
  }
}

const asJson = (value: unknown): Answer => ({
  status: 200,
  text: JSON.stringify(value),
  contentType: 'application/json; charset=utf-8',
});

/** Every living record of the kind, as `GET /<kind>/{id}` shows it. */
export const fullRecords = ({ plant }: World, kind: Kind): Row[] =>
  plant.store.all(kind).map((row) => fullRecord(plant, kind, row));

function recordsAnswer(world: World, kind: string | null): Answer {
  if (kind !== null && !isKind(kind)) throw refused(400, `no such kind: ${kind}`);
  const lines =
    kind === null
      ? KINDS.flatMap((each) => fullRecords(world, each).map((record) => ({ kind: each, record })))
      : fullRecords(world, kind);
  return {
    status: 200,
    text: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    contentType: 'application/x-ndjson; charset=utf-8',
  };
}

function setRate(world: World, bytes: Uint8Array): Answer {
  const body = jsonFrom(bytes);
  const rate = isObject(body) ? body['changesPerSecond'] : undefined;
  if (typeof rate !== 'number' || rate < 0 || rate > MOST_PER_SECOND)
    throw refused(400, `changesPerSecond must be a number from 0 to ${MOST_PER_SECOND}`);
  world.life.setRate(rate);
  return asJson({ changesPerSecond: rate });
}

const MOST_PER_SECOND = 10_000;
