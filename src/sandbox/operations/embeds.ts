import type { Json, JsonObject } from '../../base/json.ts';
import type { Plant } from '../plant/plant.ts';
import { pick, type Row } from '../plant/row.ts';

const ASSET_FIELDS = ['description', 'parentId', 'criticalityId', 'locationId', 'serialNumber', 'creatorId'];

/** An asset inside another record: all its keys are required there, so null stays. */
export function embeddedAsset(plant: Plant, id: Json | undefined, withExtraFields = false): Row | undefined {
  const asset = typeof id === 'number' ? plant.store.remember('asset', id) : undefined;
  if (asset === undefined) return undefined;
  const embedded = pick(asset, ['id', 'name', 'createdAt', 'updatedAt']);
  for (const field of ASSET_FIELDS) embedded[field] = asset[field] ?? null;
  if (withExtraFields) embedded['assetExtraFields'] = asset['extraFields'] ?? {};
  return embedded;
}

const LOCATION_FIELDS = ['id', 'name', 'description', 'address', 'parentId', 'createdAt', 'updatedAt'];

export function embeddedLocation(plant: Plant, id: Json | undefined, withExtraFields = false): Row | undefined {
  const location = typeof id === 'number' ? plant.store.remember('location', id) : undefined;
  if (location === undefined) return undefined;
  const embedded = pick(location, LOCATION_FIELDS);
  if (withExtraFields) embedded['locationExtraFields'] = location['extraFields'] ?? {};
  return embedded;
}

/** Every file inside `value` with its link freshly signed. */
export function withSignedLinks(value: Json, sign: (url: string) => string): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) return value.map((item) => withSignedLinks(item, sign));
  const signed: Row = {};
  for (const [key, member] of Object.entries(value)) {
    signed[key] = isLink(value, key, member) ? sign(member) : withSignedLinks(member, sign);
  }
  return signed;
}

const isArray = (value: object): value is readonly Json[] => Array.isArray(value);

const isLink = (holder: JsonObject, key: string, member: Json): member is string =>
  key === 'url' && typeof member === 'string' && typeof holder['mimeType'] === 'string';
