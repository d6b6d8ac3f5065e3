import { checkedKey, type Blob, type BlobStore } from './blob-store.ts';

/** Blobs in this process alone, for simulations. */
export function memoryBlobs(): BlobStore {
  const blobs = new Map<string, Blob>();
  return {
    put: (key, blob) => Promise.resolve(void blobs.set(checkedKey(key), blob)),
    get: (key) => Promise.resolve(blobs.get(checkedKey(key)) ?? null),
    removeAll: (folder) => {
      for (const key of blobs.keys()) if (key.startsWith(`${checkedKey(folder)}/`)) blobs.delete(key);
      return Promise.resolve();
    },
  };
}
