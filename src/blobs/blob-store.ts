import { raise } from '../errors.ts';

/** A stored file. */
export interface Blob {
  readonly bytes: Uint8Array;
  /** null: nobody told. */
  readonly contentType: string | null;
}

/**
 * Where the bytes of files lie. Keys are chosen by the caller; one that holds a hash of the bytes makes `put` idempotent.
 * Every method rejects with `blob-key-invalid`, or with `blobs-unavailable` when the store cannot be reached or written.
 */
export interface BlobStore {
  /** All of it or nothing, even when the process is killed; replaces what was there. */
  put(key: string, blob: Blob): Promise<void>;
  /** null: there is no such blob. */
  get(key: string): Promise<Blob | null>;
  /** Takes every blob away whose key begins with `<folder>/`. */
  removeAll(folder: string): Promise<void>;
}

const KEY = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;
const MOST_CHARACTERS = 512;

/** The key, if it is one: names joined by slashes, none of which begins with a dot, so that none leads out of a folder. */
export function checkedKey(key: string): string {
  if (key.length > MOST_CHARACTERS || !KEY.test(key))
    throw raise('blob-key-invalid', `"${key.slice(0, 80)}" cannot be the key of a blob`);
  return key;
}
