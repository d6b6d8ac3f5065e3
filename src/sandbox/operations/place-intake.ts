import { badFields } from '../http/answer.ts';
import type { Plant } from '../plant/plant.ts';
import type { Row } from '../plant/row.ts';
import { cycleErrors } from './parent-cycle.ts';
import { unknownIds } from './references.ts';

/** The fields that a body sets of a team: only what the plant has belongs to it. */
export function teamFields(plant: Plant, fields: Row): Row {
  const errors = [
    ...unknownIds(plant, 'asset', 'assetIds', fields['assetIds']),
    ...unknownIds(plant, 'location', 'locationIds', fields['locationIds']),
    ...unknownIds(plant, 'user', 'memberIds', fields['memberIds']),
  ];
  if (errors.length > 0) throw badFields(errors);
  return fields;
}

/** The fields that a body sets of a location. */
export function locationFields(plant: Plant, fields: Row, location: Row | undefined): Row {
  const errors = [
    ...unknownIds(plant, 'vendor', 'vendorIds', fields['vendorIds']),
    ...cycleErrors(plant, 'location', location, fields['parentId']),
  ];
  if (errors.length > 0) throw badFields(errors);
  return fields;
}
