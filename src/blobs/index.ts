export type { Blob, BlobStore } from './blob-store.ts';
export { memoryBlobs } from './memory.ts';
export { openBlobStore } from './open.ts';
