import type { Blob, BlobStore } from '../blobs/index.ts';
import { raise } from '../errors.ts';
import type { FileRecord } from '../files/index.ts';
import { blobKeyOf, type InboundStore } from '../inbound/index.ts';
import type { Kind } from '../maintainx/index.ts';

interface Owner {
  readonly kind: Kind;
  readonly recordId: string;
}

/** More files than any record has. */
const MOST_FILES = 1_000;

/** The files of a record. */
export const filesOfRecord = (store: InboundStore, tenantId: string, owner: Owner): Promise<readonly FileRecord[]> =>
  store.transact(tenantId, (tx) => tx.files.page(null, MOST_FILES, owner));

/**
 * A file of a record with its stored bytes, by its path, or by its name where no other has that. Refused with `not-found` when there
 * is none, or its bytes are not stored.
 */
export async function storedFile(
  { store, blobs }: { readonly store: InboundStore; readonly blobs: BlobStore },
  tenantId: string,
  owner: Owner,
  name: string,
): Promise<{ readonly file: FileRecord; readonly blob: Blob }> {
  const all = await filesOfRecord(store, tenantId, owner);
  const named = all.filter(({ fileName }) => fileName === name);
  const file = all.find(({ path }) => path === name) ?? (named.length === 1 ? named[0] : undefined);
  const record = `${owner.kind}/${owner.recordId}`;
  if (file === undefined)
    throw raise('not-found', `${record} has no file "${name}", or several of this name: then give its path`);
  const blob = file.stored === null ? null : await blobs.get(blobKeyOf(tenantId, file.stored.sha256));
  if (blob === null)
    throw raise('not-found', `the bytes of "${name}" are not stored${file.reason === null ? '' : `: ${file.reason}`}`);
  return { file, blob };
}
