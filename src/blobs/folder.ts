import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeDurably } from '../base/durable.ts';
import { raise } from '../errors.ts';
import { checkedKey, type BlobStore } from './blob-store.ts';

/** Blobs as files below `folder`, readable by this user alone; the content type lies beside each. */
export function folderBlobs(folder: string): BlobStore {
  const fileOf = (key: string): string => join(folder, ...checkedKey(key).split('/'));
  const inFolder = <Result>(work: () => Promise<Result>): Promise<Result> =>
    work().catch((error: unknown) => {
      throw raise('blobs-unavailable', `the folder for files cannot be used: ${reasonOf(error)}`, {}, error);
    });
  return {
    put: (key, { bytes, contentType }) => {
      const file = fileOf(key);
      return inFolder(async () => {
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
        // The type first: a blob that is there has its type.
        if (contentType === null) await rm(typeFileOf(file), { force: true });
        else await writeDurably(typeFileOf(file), contentType);
        await writeDurably(file, bytes);
      });
    },
    get: (key) => {
      const file = fileOf(key);
      return inFolder(async () => {
        const bytes = await readIfThere(file);
        if (bytes === null) return null;
        const type = await readIfThere(typeFileOf(file));
        return { bytes, contentType: type?.toString('utf8') ?? null };
      });
    },
    removeAll: (name) => {
      const path = fileOf(name);
      return inFolder(() => rm(path, { recursive: true, force: true }));
    },
  };
}

/** Outside of the names that keys may have. */
const typeFileOf = (file: string): string => join(dirname(file), `.${file.slice(dirname(file).length + 1)}.type`);

const readIfThere = (file: string): Promise<Buffer | null> =>
  readFile(file).catch((error: unknown) => {
    if (ABSENT.includes(codeOf(error))) return null;
    throw error;
  });

/** Nothing there, or a folder of other blobs. */
const ABSENT: readonly unknown[] = ['ENOENT', 'EISDIR', 'ENOTDIR'];

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
