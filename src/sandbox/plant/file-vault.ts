import type { JsonObject } from '../../base/json.ts';
import { textOf } from './row.ts';
import { inventedBytes } from './invented-file.ts';

export interface StoredFile {
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

/** The bytes behind the links, by key. Nobody sent those of the seeded files: they are made when somebody asks. */
export class FileVault {
  readonly #files = new Map<string, { readonly mimeType: string; readonly bytes: Uint8Array | undefined }>();

  put(key: string, mimeType: string, bytes: Uint8Array | undefined): void {
    this.#files.set(key, { mimeType, bytes });
  }

  get(key: string): StoredFile | undefined {
    const file = this.#files.get(key);
    return file === undefined ? undefined : { ...file, bytes: file.bytes ?? inventedBytes(key, file.mimeType) };
  }

  delete(key: string): void {
    this.#files.delete(key);
  }
}

/** Where files are served, in place of MaintainX's bucket. */
export const FILES_PATH = '/_files';

/** `{organisation}/{folder}/{name}`: what MaintainX calls `fileKey`. */
export const fileKeyOf = (file: JsonObject): string =>
  textOf(file['url'])
    .slice(FILES_PATH.length + 1)
    .split('/')
    .map(decodeURIComponent)
    .join('/');

/** The bytes go; a link that somebody still holds leads nowhere. */
export const dropFile = ({ files }: { readonly files: FileVault }, file: JsonObject): void =>
  files.delete(fileKeyOf(file));
