import { objectOf, type JsonObject } from '../../base/json.ts';
import { badFields, fieldError, type FieldError } from '../http/answer.ts';
import type { Plant } from '../plant/plant.ts';
import { numberOf, objectsOf } from '../plant/row.ts';
import { unknownId, unknownIds } from './references.ts';

/** What a trigger names must be there, and its data points must make sense. */
export function refuseBadTrigger(plant: Plant, trigger: JsonObject): void {
  const path = 'meterTrigger.';
  refuseAny([
    ...unknownId(plant, 'meter', `${path}meterId`, trigger['meterId']),
    ...unknownId(plant, 'meter-trigger-template', `${path}workOrderTemplateId`, trigger['workOrderTemplateId']),
    ...dataPointErrors(objectOf(trigger['dataPoints']), `${path}dataPoints`),
  ]);
}

/** "3 points out of 5" */
function dataPointErrors({ numerator, denominator }: JsonObject, path: string): readonly FieldError[] {
  if (numerator === undefined || denominator === undefined) return [];
  const isGood = numberOf(numerator) >= 1 && numberOf(numerator) <= numberOf(denominator);
  return isGood ? [] : [fieldError('must be between 1 and denominator', `${path}.numerator`, numerator)];
}

export function refuseBadTemplate(plant: Plant, template: JsonObject, path: string): void {
  const data = objectOf(template['data']);
  refuseAny([
    ...unknownId(plant, 'procedure-template', `${path}procedureTemplateId`, template['procedureTemplateId']),
    ...unknownId(plant, 'asset', `${path}data.assetId`, data['assetId']),
    ...unknownId(plant, 'location', `${path}data.locationId`, data['locationId']),
    ...unknownIds(plant, 'user', `${path}data.assigneeIds`, data['assigneeIds']),
    ...unknownIds(plant, 'team', `${path}data.teamIds`, data['teamIds']),
    ...unknownIds(plant, 'category', `${path}data.tagsIds`, data['tagsIds']),
    ...unknownIds(plant, 'vendor', `${path}data.vendorIds`, data['vendorIds']),
    ...objectsOf(data['partsUsed']).flatMap(({ partId, locationId }, index) => [
      ...unknownId(plant, 'part', `${path}data.partsUsed.${index}.partId`, partId),
      ...unknownId(plant, 'location', `${path}data.partsUsed.${index}.locationId`, locationId),
    ]),
  ]);
}

function refuseAny(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw badFields(errors);
}
