import type { JsonObject } from '../../base/json.ts';
import { dropFile } from './file-vault.ts';
import type { Plant } from './plant.ts';
import { objectsOf, pick, textOf, type Row } from './row.ts';

const isNamed = (file: JsonObject, name: string): boolean => file['fileName'] === name;

/** The record's files with this one; it takes the place of one of the same name. */
export function attachmentsWith(plant: Plant, holder: JsonObject, file: Row): Row[] {
  const others = attachmentsWithout(plant, holder, textOf(file['fileName']));
  return [...(others ?? objectsOf(holder['attachments']).map((other) => ({ ...other }))), file];
}

/** The record's files without those of this name, whose bytes go too; undefined when there is none. */
export function attachmentsWithout(plant: Plant, holder: JsonObject, name: string): Row[] | undefined {
  const files = objectsOf(holder['attachments']).map((file) => pick(file, Object.keys(file)));
  const gone = files.filter((file) => isNamed(file, name));
  for (const file of gone) dropFile(plant, file);
  return gone.length === 0 ? undefined : files.filter((file) => !isNamed(file, name));
}
