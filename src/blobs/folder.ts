import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { raise } from '../errors.ts';
import { checkedKey, type Blob, type BlobStore } from './blob-store.ts';

/** Begins with a dot, as no key's name does. */
const UNFINISHED = '.unfinished-';
const TYPE_SUFFIX = '.type';

/** Blobs as files below `folder`, readable by this user alone; the content type lies beside each. */
export function folderBlobs(folder: string): BlobStore {
  const fileOf = (key: string): string => join(folder, ...checkedKey(key).split('/'));
  const inFolder = <Result>(work: () => Promise<Result>): Promise<Result> =>
    work().catch((error: unknown) => {
      throw raise('blobs-unavailable', `the folder for files cannot be used: ${reasonOf(error)}`, {}, error);
    });
  let made = 0;
  return {
    put: (key, { bytes, contentType }) => {
      const file = fileOf(key);
      const unfinished = join(dirname(file), `${UNFINISHED}${process.pid}-${++made}`);
      return inFolder(async () => {
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
        // The type first: a blob that is there has its type.
        if (contentType === null) await rm(typeFileOf(file), { force: true });
        else await writeWhole(typeFileOf(file), `${unfinished}-type`, Buffer.from(contentType));
        await writeWhole(file, unfinished, bytes);
      });
    },
    get: (key) => {
      const file = fileOf(key);
      return inFolder(async (): Promise<Blob | null> => {
        const bytes = await readIfThere(file);
        const type = bytes === null ? null : await readIfThere(typeFileOf(file));
        return bytes === null ? null : { bytes, contentType: type?.toString('utf8') ?? null };
      });
    },
    has: (key) => {
      const file = fileOf(key);
      return inFolder(async () => (await stat(file).catch(nullIfAbsent))?.isFile() === true);
    },
    remove: (key) => {
      const file = fileOf(key);
      return inFolder(async () => {
        await rm(file, { force: true });
        await rm(typeFileOf(file), { force: true });
      });
    },
  };
}

/** Outside of the names that keys may have. */
const typeFileOf = (file: string): string =>
  join(dirname(file), `.${file.slice(dirname(file).length + 1)}${TYPE_SUFFIX}`);

/** A file under its name is a whole one: it gets the name when its bytes are on the disk. */
async function writeWhole(file: string, unfinished: string, bytes: Uint8Array): Promise<void> {
  try {
    const handle = await open(unfinished, 'w', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

const readIfThere = (file: string): Promise<Buffer | null> => readFile(file).catch(nullIfAbsent);

/** Nothing there, or a folder of other blobs. */
const ABSENT: readonly unknown[] = ['ENOENT', 'EISDIR', 'ENOTDIR'];

function nullIfAbsent(error: unknown): null {
  if (ABSENT.includes(codeOf(error))) return null;
  throw error;
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
