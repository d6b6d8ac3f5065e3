import { Type } from 'typebox';
import { INSTALLATION } from '../../administration/index.ts';
import { entriesAfter, verifyChain, type AuditEntry } from '../../audit/index.ts';
import { isoTime } from '../../base/clock.ts';
import { cursorOf, placeIn } from '../cursor.ts';
import { route, type ApiRoute } from '../route.ts';
import { orNull, PageQuery, Time } from '../shapes.ts';
import type { RoutePorts } from './ports.ts';

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 in hex' });

const EntryShape = Type.Object({
  seq: Type.Integer(),
  at: Time,
  actor: Type.String(),
  origin: Type.String(),
  action: Type.String(),
  target: Type.String(),
  beforeHash: orNull(Hash),
  afterHash: orNull(Hash),
  hash: Hash,
});

/** Who did what: in a tenant, for its owner; and in the installation. */
export const auditRoutes = (ports: RoutePorts): readonly ApiRoute[] => [
  ...auditBelow(ports, 'tenant', '/audit', ''),
  ...auditBelow(ports, 'installation', '/installation/audit', 'Installation'),
];

function auditBelow(
  { database }: RoutePorts,
  reach: 'tenant' | 'installation',
  path: `/${string}`,
  whose: string,
): readonly ApiRoute[] {
  const scope = reach === 'tenant' ? 'audit:read' : 'installation:read';
  return [
    route({
      method: 'GET',
      path,
      operationId: `list${whose}Audit`,
      summary: 'Who did what, oldest first; nextCursor goes on, also with what comes later',
      reach,
      scope,
      status: 200,
      shapes: {
        query: PageQuery,
        answer: Type.Object({ items: Type.Array(EntryShape), nextCursor: Type.String() }),
      },
      handle: async ({ tenantId, query: { limit = 100, cursor } }) => {
        const after = cursor === undefined ? 0 : Number(placeIn(cursor, /^\d{1,15}$/));
        const entries = await database.withTenant(tenantId ?? INSTALLATION, (tx) => entriesAfter(tx, after, limit));
        return { items: entries.map(shown), nextCursor: cursorOf(String(entries.at(-1)?.seq ?? after)) };
      },
    }),
    route({
      method: 'GET',
      path: `${path}/verification`,
      operationId: `verify${whose}Audit`,
      summary:
        'Follow the chain of hashes from its start; keep its end elsewhere to prove later that nothing was cut off',
      reach,
      scope,
      status: 200,
      shapes: { answer: Type.Object({ seq: Type.Integer(), hash: Hash }) },
      handle: async ({ tenantId }) => {
        const { seq, hash } = await database.withTenant(tenantId ?? INSTALLATION, verifyChain);
        return { seq, hash: hash.toString('hex') };
      },
    }),
  ];
}

const shown = ({ at, beforeHash, afterHash, hash, ...entry }: AuditEntry) => ({
  ...entry,
  at: isoTime(at),
  beforeHash: beforeHash?.toString('hex') ?? null,
  afterHash: afterHash?.toString('hex') ?? null,
  hash: hash.toString('hex'),
});
