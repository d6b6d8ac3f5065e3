import type { IncomingHttpHeaders } from 'node:http';
import { courseOf, type BodyFault, type Course, type Ending } from '../faults/course.ts';
import { faultyPage, walkKey } from '../faults/page.ts';
import { untilTime } from '../faults/until-time.ts';
import type { Ground } from '../ground.ts';
import type { Realm } from '../realm.ts';
import type { World } from '../world.ts';
import { Refused, refusalAnswer, type Answer } from './answer.ts';
import { callerOf, type Caller } from './caller.ts';
import type { Visitor } from './gate.ts';
import { mergedList } from './merged-list.ts';
import { optionsReply } from './methods-at.ts';
import { matchOperation, type Matched } from './operation.ts';
import { isYes } from './query.ts';
import type { RawRequest } from './request.ts';
import { answerOf } from './routes.ts';

/** A request as it came. */
export interface Incoming {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Uint8Array;
}

/** What goes back, and what goes wrong with it on the way. */
export interface Reply {
  readonly answer: Answer;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: BodyFault;
}

/** Or nothing goes back. */
export interface NoReply {
  readonly ending: 'reset' | 'hang' | 'cut';
  readonly cutAfterMs?: number;
}

/** Requests without a valid key are not counted, but their answers carry the headers too. */
const NOBODY: Visitor = { user: 'nobody', organizations: [] };

/** Answers a request to MaintainX's API, or what the faults leave of it. */
export async function apiReply(realm: Realm, incoming: Incoming): Promise<Reply | NoReply> {
  const number = ++realm.requests.count;
  const { method, url } = incoming;
  const matched = matchOperation(method === 'HEAD' ? 'GET' : method, url.pathname.replace(/^\/v1/, ''));
  const caller = callerOf(realm, incoming.headers, matched);
  if ('refused' in caller) {
    remember(realm, incoming, NOBODY.user, null, caller.refused.status);
    return { answer: caller.refused, headers: realm.gate.headers(NOBODY) };
  }
  const walk = walkKey(userOf(realm, caller), url);
  const course = courseOf(
    realm.ground.faults.ofRequest({
      number,
      method,
      matched,
      page: realm.walks.placeOf(matched, walk, url.searchParams),
      organizationId: caller.about[0].id,
    }),
  );
  const reply = await takeCourse(realm, course, { incoming, matched, caller, walk });
  const status = 'answer' in reply ? reply.answer.status : null;
  remember(realm, incoming, userOf(realm, caller), caller.about[0].id, status);
  return reply;
}

function remember(
  { requestLog, ground }: Realm,
  { method, url, headers }: Incoming,
  user: string,
  organizationId: number | null,
  status: number | null,
): void {
  const time = new Date(ground.trueClock.now()).toISOString();
  const path = `${url.pathname}${url.search}`;
  requestLog.add({ time, method, path, organizationId, user, status, userAgent: headers['user-agent'] ?? '' });
}

interface Known {
  readonly incoming: Incoming;
  readonly matched: Matched | undefined;
  readonly caller: Caller;
  /** Which walk through a list it is part of. */
  readonly walk: string;
}

async function takeCourse(realm: Realm, course: Course, known: Known): Promise<Reply | NoReply> {
  const { ground, gate, organizations } = realm;
  const visitor: Visitor = {
    user: userOf(realm, known.caller),
    organizations: known.caller.about.map(({ id }) => String(id)),
  };
  for (const organization of known.caller.about) organizations.world(organization).requests.count++;
  const answered = (answer: Answer): Reply => ({
    answer,
    headers: course.headers ?? gate.headers(visitor),
    ...(course.body === undefined ? {} : { body: course.body }),
  });
  if (course.instead?.status === 401) return answered(course.instead);
  const full = gate.enter(visitor);
  if (full !== undefined) return { answer: full, headers: gate.headers(visitor) };
  if (course.waitMs > 0) await ground.clock.sleep(course.waitMs, ground.stopping);
  if (course.instead !== undefined) return answered(course.instead);
  if (course.ending !== undefined) return ended(realm, course.ending, known);
  const options = known.incoming.method === 'OPTIONS' ? optionsReply(known.incoming.url.pathname) : undefined;
  if (options !== undefined) return { ...options, headers: { ...options.headers, ...gate.headers(visitor) } };
  return answered(pageOf(realm, course, known));
}

function ended({ organizations, ground }: Realm, ending: Ending, known: Known): NoReply {
  const worlds = known.caller.about.map((one) => organizations.world(one));
  const execute = (): Answer => executed(worlds, known);
  switch (ending.as) {
    case 'reset':
      if (ending.when === 'after') execute();
      return { ending: 'reset' };
    case 'no-answer':
      execute();
      return { ending: 'hang', ...(ending.cutAfterMs === undefined ? {} : { cutAfterMs: ending.cutAfterMs }) };
    case 'late':
      // Nobody is there any more to be told of a mishap.
      void later(ground, ending.ms, execute).catch(() => undefined);
      return { ending: ending.connection };
  }
}

async function later({ trueClock, stopping }: Ground, ms: number, execute: () => Answer): Promise<void> {
  if (await untilTime(trueClock, trueClock.now() + ms, stopping)) execute();
}

function pageOf(realm: Realm, { page }: Course, known: Known): Answer {
  const { url } = known.incoming;
  const worlds = known.caller.about.map((organization) => realm.organizations.world(organization));
  const answer = executed(worlds, known);
  if (url.searchParams.get('cursor') === null) realm.walks.began(known.walk, answer);
  return page === undefined ? answer : faultyPage(answer, page, url, realm.walks.secondOf(known.walk));
}

function executed(worlds: readonly World[], { incoming, caller, matched }: Known): Answer {
  const { method, url, bytes } = incoming;
  const [world] = worlds;
  if (world === undefined) throw new Error('a request about no organisation');
  const request: RawRequest = {
    method: method === 'HEAD' ? 'GET' : method,
    path: url.pathname,
    query: url.searchParams,
    bytes,
    contentType: incoming.headers['content-type'] ?? '',
    act: {
      userId: caller.userId ?? world.integrationUserId,
      quiet: isYes(url.searchParams.get('skipWebhook')),
    },
    organizations: caller.organizations,
  };
  return settled(() => {
    const tooLarge = tooLargeAnswer(matched, bytes);
    if (tooLarge !== undefined) return tooLarge;
    return caller.isMerged ? mergedList(worlds, request) : answerOf(world, request);
  });
}

/** FACTS 2.4 has 1 MB for attachments, which look after themselves; what MaintainX says of JSON is Express' guess. */
const MOST_JSON_BYTES = 1_048_576;

function tooLargeAnswer(matched: Matched | undefined, bytes: Uint8Array): Answer | undefined {
  const isFile = matched?.shape.body !== undefined && 'bytes' in matched.shape.body;
  if (isFile || bytes.length <= MOST_JSON_BYTES) return undefined;
  return { status: 413, json: { error: 'request entity too large' } };
}

export function settled(work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refused) return refusalAnswer(error);
    throw error;
  }
}

/** One person, one window: the user's id, or the key that opens all organisations. */
function userOf({ organizations }: Realm, { as, userId, about: [first] }: Caller): string {
  if (as === 'nobody') return NOBODY.user;
  return as === 'everywhere' ? 'multi-organization' : String(userId ?? organizations.world(first).integrationUserId);
}
