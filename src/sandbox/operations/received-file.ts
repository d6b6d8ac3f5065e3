import { badFields, refused, type Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import { fileKeyOf } from '../plant/file-vault.ts';
import { storeFile } from '../plant/file.ts';
import type { Plant } from '../plant/plant.ts';
import { textOf, type Row } from '../plant/row.ts';

/** FACTS 2.4: 413 above 1 MB; the real limit is unknown. */
const MOST_BYTES = 1_000_000;

/** The file of a PUT whose path names it `filename`: kept, and refused unless it came as raw bytes (FACTS 2.4). */
export function receivedFile(plant: Plant, { bytes, contentType, params }: ApiRequest): Row {
  if (bytes.length > MOST_BYTES) throw refused(413, 'Attachment size must not exceed 1mB');
  if (bytes.length === 0) throw badFields([{ error: 'Attachment must not be empty' }]);
  if (/^multipart\//i.test(contentType) || isForm(bytes))
    throw badFields([{ error: 'Attachment must be sent as raw bytes, not as multipart/form-data' }]);
  return storeFile(plant, params['filename'] ?? '', bytes);
}

/** What the PUT of a file answers, everywhere. */
export const receiptFor = (plant: Plant, file: Row): Answer => ({
  status: 201,
  json: {
    publicUrl: plant.signLink(textOf(file['url'])),
    filename: textOf(file['fileName']),
    fileKey: fileKeyOf(file),
  },
});

/** Also when it is called something else: a form begins with its boundary and the head of its first part. */
const isForm = (bytes: Uint8Array): boolean =>
  /^--[^\r\n]{1,200}\r?\ncontent-disposition:\s*form-data/i.test(
    Buffer.from(bytes.subarray(0, 400)).toString('latin1'),
  );
