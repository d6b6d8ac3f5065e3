/**
 * The control API, beside the API of MaintainX and without authentication. It is the sandbox's own; MaintainX has no such thing.
 * docs/sandbox.md describes it. `?organization=<id>` names an organisation; without it, `stats` and `subscriptions` are
 * about all of them, the others about the first.
 *
 *   GET  /_sandbox/stats                live numbers, see `SandboxStats`
 *   GET  /_sandbox/organizations        ids, names and keys
 *   GET  /_sandbox/records?kind=asset   NDJSON: every living record of the kind as its single GET shows it
 *   GET  /_sandbox/records              NDJSON of all kinds: {"kind", "record"} per line
 *   GET  /_sandbox/changes              the last sentences of the life, newest last
 *   GET  /_sandbox/permits              work permits that wait for a signature, with the link that signs them
 *   GET  /_sandbox/ids?kind=asset       NDJSON: the ids of the living records of the kind
 *   GET  /_sandbox/requests?after=<seq> the last requests to the API, as they were answered
 *   POST /_sandbox/rate                 {"changesPerSecond": 5}: how much goes on; 0 stops it
 *   /_sandbox/subscriptions…            control-hooks.ts
 *   /_sandbox/hooks                     control-hooks.ts
 *   /_sandbox/faults…                   control-faults.ts
 *   /_sandbox/events                    control-events.ts
 */
import { isObject } from '../../base/json.ts';
import { isCoreKind, isKind, kindEntry, KINDS, type Kind } from '../../maintainx/catalogue/index.ts';
import { MOST_CHANGES_PER_SECOND } from '../check-options.ts';
import { wholeKind } from '../operations/whole-kind.ts';
import { idOf } from '../plant/row.ts';
import { waitingPermits } from '../plant/work-permit.ts';
import type { Realm } from '../realm.ts';
import { statsOf } from '../stats.ts';
import type { World } from '../world.ts';
import { noRoute, refused, type Answer } from './answer.ts';
import { asJson, organizationIn, worldIn, type ControlRequest } from './control-request.ts';
import { eventsAnswer } from './control-events.ts';
import { faultsAnswer } from './control-faults.ts';
import { hooksAnswer } from './control-hooks.ts';
import { jsonFrom } from './request.ts';

export const CONTROL_PATH = '/_sandbox';

export function controlAnswer(realm: Realm, method: string, url: URL, bytes: Uint8Array): Answer {
  const request: ControlRequest = { route: `${method} ${url.pathname.slice(CONTROL_PATH.length)}`, url, bytes };
  return (
    hooksAnswer(realm, request) ??
    faultsAnswer(realm.ground.faults, request) ??
    eventsAnswer(realm, request) ??
    plantAnswer(realm, request) ??
    noRoute(method, url.pathname)
  );
}

function plantAnswer(realm: Realm, request: ControlRequest): Answer | undefined {
  const { url } = request;
  switch (request.route) {
    case 'GET /stats':
      return asJson(statsOf(realm, organizationIn(realm, url) === undefined ? undefined : worldIn(realm, url)));
    case 'GET /organizations':
      return asJson({
        organizations: realm.organizations.all.map(({ id, name, apiKey }) => ({ id, name, apiKey })),
        multiOrganizationKey: realm.organizations.multiOrganizationKey,
      });
    case 'GET /records':
      return recordsAnswer(worldIn(realm, url), url.searchParams.get('kind'));
    case 'GET /ids':
      return idsAnswer(worldIn(realm, url), url.searchParams.get('kind'));
    case 'GET /requests':
      return asJson([...realm.requestLog.after(Number(url.searchParams.get('after') ?? 0))]);
    case 'GET /changes':
      return asJson(worldIn(realm, url).chronicle.recent());
    case 'GET /permits':
      return asJson(waitingPermits(worldIn(realm, url).plant));
    case 'POST /rate':
      return rateAnswer(realm, request);
    default:
      return undefined;
  }
}

function recordsAnswer(world: World, kind: string | null): Answer {
  if (kind !== null && !isKind(kind)) throw refused(400, `no such kind: ${kind}`);
  return {
    status: 200,
    lines: kind === null ? linesOfAll(world) : linesOf(world, kind),
    contentType: 'application/x-ndjson; charset=utf-8',
  };
}

function idsAnswer({ plant }: World, kind: string | null): Answer {
  if (kind === null || !isCoreKind(kind))
    throw refused(400, `kind must name a kind of record, not ${kind ?? 'nothing'}`);
  const lines = plant.store.all(kind).map((row) => `${JSON.stringify({ id: idOf(row) })}\n`);
  return { status: 200, lines, contentType: 'application/x-ndjson; charset=utf-8' };
}

function* linesOf(world: World, kind: Kind): Generator<string> {
  for (const row of wholeKind(world, kind)) yield `${JSON.stringify(row)}\n`;
}

/** Of every kind that is copied when nothing else is asked for. */
function* linesOfAll(world: World): Generator<string> {
  for (const kind of KINDS.filter((one) => !kindEntry(one).optional))
    for (const record of wholeKind(world, kind)) yield `${JSON.stringify({ kind, record })}\n`;
}

function rateAnswer(realm: Realm, { url, bytes }: ControlRequest): Answer {
  const body = jsonFrom(bytes);
  const rate = isObject(body) ? body['changesPerSecond'] : undefined;
  if (typeof rate !== 'number' || rate < 0 || rate > MOST_CHANGES_PER_SECOND)
    throw refused(400, `changesPerSecond must be a number from 0 to ${MOST_CHANGES_PER_SECOND}`);
  if (organizationIn(realm, url) === undefined) setRate(realm, rate);
  else worldIn(realm, url).life.setRate(rate);
  return asJson({ changesPerSecond: rate });
}

/** In every organisation that is awake, and in those that wake up later. */
export function setRate({ organizations, pace }: Realm, changesPerSecond: number): void {
  pace.rate = changesPerSecond;
  for (const { life } of organizations.awake()) life.setRate(changesPerSecond);
}
