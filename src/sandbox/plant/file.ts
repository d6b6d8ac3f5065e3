import type { JsonObject } from '../../base/json.ts';
import { sha256 } from '../../base/hash.ts';
import { FILES_PATH, fileKeyOf } from './file-vault.ts';
import { INVENTED_SIZE } from './invented-file.ts';
import { mimeTypeOf } from './mime-type.ts';
import { isoNow, newId, type Plant } from './plant.ts';
import { textOf, type Row } from './row.ts';

/** A file with its bare link; whoever reads it gets a pre-signed one. Without bytes it is a seeded one. */
function newFile(plant: Plant, fileName: string, bytes: Uint8Array | undefined): Row {
  const id = newId(plant, 'file');
  const folder = sha256('file', String(plant.organizationId), String(id)).toString('hex').slice(0, 16);
  const mimeType = mimeTypeOf(fileName);
  const file: Row = {
    id,
    mimeType,
    fileName,
    url: `${FILES_PATH}/${plant.organizationId}/${folder}/${encodeURIComponent(fileName)}`,
    createdAt: isoNow(plant),
  };
  plant.files.put(fileKeyOf(file), mimeType, bytes);
  return file;
}

/** Keeps what was sent. Answers `{id, mimeType, fileName, url, createdAt}` to put at a record; `url` is signed when read. */
export const storeFile = (plant: Plant, fileName: string, bytes: Uint8Array): Row => newFile(plant, fileName, bytes);

/** The same file for another record; either may be deleted without the other. */
export function copiedFile(plant: Plant, file: JsonObject): Row {
  const bytes = plant.files.get(fileKeyOf(file))?.bytes;
  return { ...file, ...newFile(plant, textOf(file['fileName']), bytes) };
}

export const newPhoto = (plant: Plant, name: string): Row => ({
  ...newFile(plant, `${name}.jpg`, undefined),
  ...INVENTED_SIZE,
});
export const newDocument = (plant: Plant, name: string): Row => newFile(plant, `${name}.pdf`, undefined);
