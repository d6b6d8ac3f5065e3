import { create, updateEach, type Hints } from './writing.ts';
import type { Walker } from './walker.ts';

/** How the records of one collection are created and updated. */
export interface RecordHints {
  readonly create?: Hints;
  readonly update?: Hints;
}

/** Creates in every way, reads and updates in every way; the created stay for others to use. */
export async function walkRecords(
  walker: Walker,
  collection: string,
  hints: RecordHints = {},
): Promise<readonly number[]> {
  const ids = await create(walker, collection, hints.create ?? {});
  const id = ids[0] ?? walker.known.one(collection);
  await readWithEveryExpand(walker, collection, id);
  await updateEach(walker, `PATCH /${collection}/{id}`, { ...hints.update, path: { id } });
  for (const one of ids) await walker.call(`GET /${collection}/{id}`, { path: { id: one } });
  await readWithEveryExpand(walker, collection, id);
  return ids;
}

/** The record as it is, with each expand by itself and with all. */
export async function readWithEveryExpand(walker: Walker, collection: string, id: number): Promise<void> {
  const name = `GET /${collection}/{id}`;
  await walker.call(name, { path: { id } });
  const tokens = expandTokens(walker, name);
  for (const token of tokens) await walker.call(name, { path: { id }, query: [['expand', token]] });
  if (tokens.length > 1) await walker.call(name, { path: { id }, query: tokens.map((token) => ['expand', token]) });
}

function expandTokens(walker: Walker, name: string): readonly string[] {
  const expand = walker.operation(name).parameters.find((one) => one.name === 'expand');
  const items = expand?.schema['items'];
  const tokens = typeof items === 'object' && items !== null && 'enum' in items ? items['enum'] : [];
  return Array.isArray(tokens) ? tokens.map(String) : [];
}

/** An attachment put and removed, and a picture; which there is of them. */
export async function walkFiles(walker: Walker, under: string, path: Readonly<Record<string, number>>): Promise<void> {
  const has = (name: string): boolean => walker.document.operations.some((one) => one.name === name);
  const bytes = Buffer.from([0, 1, 2, 3, 0xff, 0xfe]);
  const attachment = `${under}/attachments/{filename}`;
  for (const filename of ['manual.pdf', 'ein ä & mehr.txt'])
    if (has(`PUT ${attachment}`)) await walker.call(`PUT ${attachment}`, { path: { ...path, filename }, bytes });
  if (has(`GET ${under}`)) await walker.call(`GET ${under}`, { path, because: 'with attachments' });
  if (has(`DELETE ${attachment}`))
    await walker.call(`DELETE ${attachment}`, { path: { ...path, filename: 'manual.pdf' } });
  const thumbnail = `PUT ${under}/thumbnail/{filename}`;
  if (has(thumbnail)) await walker.call(thumbnail, { path: { ...path, filename: 'picture.png' }, bytes });
  if (has(`GET ${under}`)) await walker.call(`GET ${under}`, { path, because: 'with a thumbnail' });
}
