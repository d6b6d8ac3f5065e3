import { backoff } from '../base/backoff.ts';
import { isCoded } from '../base/coded-error.ts';
import { contentHash } from '../base/hash.ts';
import type { JsonObject } from '../base/json.ts';
import { filesIn, linksIn, type FileRecord, type FilesOf } from '../files/index.ts';
import type { Lease } from '../jobs/index.ts';
import type { Outcome, RecordKey } from '../records/index.ts';
import type { EnginePorts, Site } from './engine.ts';
import { transactUnder } from './port.ts';

/** Tries after which a file is left alone; `sync backfill --files all` shows which. */
const MOST_TRIES = 8;

/** Says nothing about the file: whoever holds the lease goes on. */
const OURS: readonly string[] = ['lease-lost', 'database-unavailable'];

/** What observed records have of files. A record that changed may have lost its last one. */
export const filesOf = (outcomes: readonly Outcome[]): readonly FilesOf[] =>
  outcomes.flatMap(({ key, verdict, held }) => {
    if (held === undefined || held.deletedAt !== null) return [];
    const files = filesIn(key.kind, held.state);
    return files.length > 0 || verdict === 'changed' ? [{ owner: key, files }] : [];
  });

/**
 * Stores the wanted files of a record with the links that MaintainX answered a moment ago: they die within an hour, and no
 * other request tells them. What fails is tried again with fresh links.
 */
export async function storeFiles(
  { ports, site, lease }: { readonly ports: EnginePorts; readonly site: Site; readonly lease: Lease },
  key: RecordKey,
  raw: JsonObject,
): Promise<void> {
  const links = linksIn(key.kind, raw);
  if (links.size === 0) return;
  const wanted = await ports.store.transact(lease.tenantId, (tx) => tx.files.wanted(key, ports.clock.now()));
  for (const file of wanted) {
    const link = links.get(file.path);
    if (link !== undefined) await storeFile(ports, site, lease, file, link);
  }
}

async function storeFile(
  ports: EnginePorts,
  site: Site,
  lease: Lease,
  { owner, path, attempts, mimeType }: FileRecord,
  link: string,
): Promise<void> {
  const { store, blobs, clock } = ports;
  try {
    const { bytes, contentType } = await site.client.download(link);
    const hash = contentHash(bytes);
    const blob = { bytes, contentType: contentType ?? mimeType };
    await blobs.put(blobKeyOf(lease.tenantId, hash), blob);
    const stored = { sha256: hash, bytes: bytes.length, contentType: blob.contentType };
    await transactUnder(store, lease, (tx) => tx.files.keep(owner, path, stored, clock.now()));
    ports.noticed('file-stored');
  } catch (error) {
    if (!isCoded(error) || OURS.includes(error.code)) throw error;
    // A store of ours that is out of order says nothing about the file.
    const isHopeless = error.code === 'maintainx-too-large' || attempts + 1 >= MOST_TRIES;
    const givenUp = isHopeless && error.code !== 'blobs-unavailable';
    const reason = `${error.code}: ${error.message}`;
    ports.noticed(givenUp ? 'file-given-up' : 'file-postponed');
    ports.log('a file could not be stored', { ...owner, path, reason, attempt: attempts + 1, givenUp });
    await transactUnder(store, lease, (tx) => {
      const wait = 60_000 + backoff(attempts, ports.random, 60_000, 6 * 3_600_000);
      return givenUp
        ? tx.files.giveUp(owner, path, reason)
        : tx.files.postpone(owner, path, reason, clock.now() + wait);
    });
  }
}

/** Equal files of one tenant lie once; tenants share none. */
export const blobKeyOf = (tenantId: string, hash: string): string => `${tenantId}/${hash}`;
