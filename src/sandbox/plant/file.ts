import { sha256 } from '../../base/hash.ts';
import { isoNow, newId, type Plant } from './plant.ts';
import type { Row } from './row.ts';

/** A file at a record, with its bare link; whoever reads it gets a pre-signed one. */
function newFile(plant: Plant, fileName: string, mimeType: string): Row {
  const id = newId(plant, 'file');
  const folder = sha256('file', String(plant.organizationId), String(id)).toString('hex').slice(0, 16);
  const file: Row = {
    id,
    mimeType,
    fileName,
    url: `https://maintainx-files.s3.us-west-2.amazonaws.com/${plant.organizationId}/${folder}/${encodeURIComponent(fileName)}`,
    createdAt: isoNow(plant),
  };
  return mimeType.startsWith('image/') ? { ...file, width: 1280, height: 960 } : file;
}

export const newPhoto = (plant: Plant, name: string): Row => newFile(plant, `${name}.jpg`, 'image/jpeg');
export const newDocument = (plant: Plant, name: string): Row => newFile(plant, `${name}.pdf`, 'application/pdf');
