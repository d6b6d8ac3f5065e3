import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { carryOut, INSTALLATION, versionOf, type Office, type Repeatable } from '../administration/index.ts';
import { sha256 } from '../base/hash.ts';
import { parseStored } from '../base/json.ts';
import { raise } from '../errors.ts';
import { actorOf, noteVisits, type Visits } from './actor.ts';
import { actingFor, allow, allowInstallation, authenticated, type Doorkeeping } from './guard.ts';
import type { ApiRoute, Call } from './route.ts';
import { schemaOf } from './route-schema.ts';
import { createStrangers } from './strangers.ts';

const API_PREFIX = '/api/v1';

/** Puts the routes in place. Each is closed by default: who calls, and whether it may, is settled before anything else. */
export function registerRoutes(app: FastifyInstance, routes: readonly ApiRoute[], office: Office): void {
  const keeping = { ...office, strangers: createStrangers(office.clock.now) };
  const visits = noteVisits(keeping);
  for (const one of routes)
    app.route({
      method: one.method,
      url: `${API_PREFIX}${one.path}`,
      schema: schemaOf(one),
      // Before the body is read and looked at: a stranger learns nothing of what would be valid.
      onRequest: async (request, reply) => {
        void reply.header('cache-control', 'no-store');
        callers.set(request, await admitted(one, request, keeping, visits));
      },
      handler: async (request, reply) => {
        const answer = await one.handle(callOf(one, request, keeping));
        if (Buffer.isBuffer(answer)) return sendFile(reply, answer);
        if (one.method === 'GET' && isUnchanged(request, reply, answer)) return reply.status(304).send();
        return reply.status(one.status).send(one.status === 204 ? undefined : answer);
      },
    });
}

type Admitted = Pick<Call, 'caller' | 'tenantId'>;

const callers = new WeakMap<FastifyRequest, Admitted>();

/** Who was let in with this request; undefined: nobody yet. */
export const admittedIn = (request: FastifyRequest): Admitted | undefined => callers.get(request);

async function admitted(
  one: ApiRoute,
  request: FastifyRequest,
  keeping: Doorkeeping,
  visits: Visits,
): Promise<Admitted> {
  const caller = await authenticated(keeping, request);
  if (one.reach === 'installation') allowInstallation(caller);
  allow(caller, one.scope);
  if (one.reach !== 'tenant') return { caller, tenantId: null };
  const tenantId = await actingFor(keeping.database, caller, request);
  if (caller.tenantId === null) await visits(tenantId, actorOf(caller, request), one.operationId);
  return { caller, tenantId };
}

function callOf(one: ApiRoute, request: FastifyRequest, keeping: Doorkeeping): Call {
  const known = callers.get(request);
  if (known === undefined) throw new Error('a handler was reached past the door');
  // Fastify has checked them by the route's own shapes.
  const given = { params: request.params, query: request.query, body: request.body } as Pick<
    Call,
    'params' | 'query' | 'body'
  >;
  const actor = actorOf(known.caller, request);
  const ifMatch = request.headers['if-match'];
  const change: Call['change'] = (work, { tenantId = known.tenantId ?? INSTALLATION, isSecret = false } = {}) =>
    carryOut(
      keeping,
      { ...actor, action: one.operationId, tenantId, ifMatch, repeatable: repeatableOf(request, known, isSecret) },
      work,
    );
  return { ...given, ...known, actor, change };
}

const KEY = /^[\x21-\x7e]{1,255}$/;

function repeatableOf(request: FastifyRequest, { caller }: Admitted, isSecret: boolean): Repeatable | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !KEY.test(key))
    throw raise('request-invalid', 'an Idempotency-Key has 1 to 255 printable characters without spaces');
  const hash = sha256(request.method, request.url, JSON.stringify(request.body ?? null));
  return { tokenId: caller.tokenId, key, hash, isSecret };
}

/** Nobody's browser is to run, or to guess at, what somebody once attached to a work order. */
const sendFile = (reply: FastifyReply, bytes: Buffer): FastifyReply =>
  reply
    .headers({ 'content-disposition': 'attachment', 'x-content-type-options': 'nosniff' })
    .type('application/octet-stream')
    .send(bytes);

/** Names the answer by its content, and tells whether the caller has this very one already. */
function isUnchanged(request: FastifyRequest, reply: FastifyReply, answer: unknown): boolean {
  const version = versionOf(parseStored(JSON.stringify(answer)));
  void reply.header('etag', version);
  const has = request.headers['if-none-match'];
  return has?.split(',').some((one) => one.trim().replace(/^W\//, '') === version) === true;
}
