import { isCoded } from '../base/coded-error.ts';
import { isSingleKind, kindEntry, type SingleKind } from '../maintainx/index.ts';
import { keyText, type RecordKey } from '../records/index.ts';
import type { EnginePorts, Site } from './engine.ts';
import type { Hydration } from './statements.ts';

/**
 * What to make of a record that MaintainX says it does not have. A key that lost a permission is told the same of every
 * record, so only a record of the same kind that can be read tells deletion from lost permission.
 */
export type Proof =
  | { readonly believe: true }
  /** Not yet: key or permission changed a short while ago. */
  | { readonly believe: false; readonly why: 'tombstone-withheld'; readonly until: number }
  /** No other record of the kind could be read either. */
  | { readonly believe: false; readonly why: 'probe-failed' }
  /** There is no other record of the kind to tell by: a person decides. */
  | { readonly believe: false; readonly why: 'probe-impossible' }
  /** The record that it hangs on is there as far as we know: that one is looked at first. */
  | { readonly believe: false; readonly why: 'parent-in-doubt'; readonly parent: RecordKey };

/** Others of the kind that are read before permission counts as lost. */
const MOST_PROBES = 3;
/** How long a lost permission is believed without asking again. */
const LOST_FOR_MS = 60_000;

export interface Absences {
  /** Decides about a record that a read, already over, did not find. `showsOthers`: it found others of the kind. */
  readonly judge: (site: Site, wanted: Hydration, showsOthers: boolean) => Promise<Proof>;
}

/** Proofs for one process. Records that vanish together share one probe, which begins after all their reads ended. */
export function createAbsences(ports: EnginePorts, holdMs: number): Absences {
  const coming = new Map<string, Promise<Proof>>();
  const lostUntil = new Map<string, number>();

  /** The probe that begins next; whoever comes before it has begun takes part in it. */
  function nextProbe(site: Site, key: RecordKey, kind: SingleKind): Promise<Proof> {
    const kindKey = `${site.connectionId}/${key.kind}`;
    const known = coming.get(kindKey);
    if (known !== undefined) return known;
    const probe = Promise.resolve().then(async () => {
      const candidates = await ports.store.transact(site.tenantId, (tx) => tx.hydrations.probesFor(key, MOST_PROBES));
      coming.delete(kindKey);
      const proof = await probeWith(ports, site, key, kind, candidates);
      if (!proof.believe && proof.why === 'probe-failed') lostUntil.set(kindKey, ports.clock.now() + LOST_FOR_MS);
      return proof;
    });
    coming.set(kindKey, probe);
    probe.catch(() => coming.delete(kindKey));
    return probe;
  }

  return {
    judge: async (site, wanted, showsOthers) => {
      if (wanted.released) return { believe: true };
      const { key } = wanted;
      const entry = kindEntry(key.kind);
      if (entry.nesting !== undefined) {
        const parent = { ...key, kind: entry.nesting.parent };
        return showsOthers ? { believe: true } : { believe: false, why: 'parent-in-doubt', parent };
      }
      const changedAt = await ports.store.transact(site.tenantId, (tx) =>
        tx.access.changedAt(key.organizationId, key.kind),
      );
      const until = (changedAt ?? -Infinity) + holdMs;
      if (until > ports.clock.now()) return { believe: false, why: 'tombstone-withheld', until };
      const lost = lostUntil.get(`${site.connectionId}/${key.kind}`) ?? 0;
      if (lost > ports.clock.now()) return { believe: false, why: 'probe-failed' };
      if (!isSingleKind(entry.kind))
        return showsOthers ? { believe: true } : { believe: false, why: 'probe-impossible' };
      return nextProbe(site, key, entry.kind);
    },
  };
}

/** Reads the candidates, then whatever the list shows first, until one of them is there. */
async function probeWith(
  ports: EnginePorts,
  site: Site,
  key: RecordKey,
  kind: SingleKind,
  candidates: readonly string[],
): Promise<Proof> {
  const client = site.client.inLane('hydrate');
  const canRead = async (id: string): Promise<boolean> => {
    try {
      await client.get(kind, id);
      return true;
    } catch (error) {
      if (isCoded(error, 'maintainx-not-found', 'maintainx-forbidden')) return false;
      throw error;
    }
  };
  for (const id of candidates) if (await canRead(id)) return { believe: true };
  const listed = await firstListed(client, key, kind);
  if (listed !== null && !candidates.includes(listed) && (await canRead(listed))) return { believe: true };
  const why = candidates.length === 0 && listed === null ? 'probe-impossible' : 'probe-failed';
  if (why === 'probe-failed')
    ports.log('permission for a kind seems lost: nothing counts as deleted', { key: keyText(key) });
  return { believe: false, why };
}

/** The first other record that the list shows; null: none. */
async function firstListed(client: Site['client'], key: RecordKey, kind: SingleKind): Promise<string | null> {
  try {
    const { rows } = await client.list(kind, { limit: 5, expand: [] });
    return rows.map((row) => String(row.id)).find((id) => id !== key.recordId) ?? null;
  } catch (error) {
    if (isCoded(error, 'maintainx-not-found', 'maintainx-forbidden')) return null;
    throw error;
  }
}
