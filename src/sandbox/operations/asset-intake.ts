import { isObject, type Json } from '../../base/json.ts';
import { badFields, fieldError, type FieldError } from '../http/answer.ts';
import { writtenDepreciation } from '../plant/depreciation.ts';
import { manufacturerNamed } from '../plant/maker.ts';
import type { Plant } from '../plant/plant.ts';
import { textOf, wordOf, type Row } from '../plant/row.ts';
import { cycleErrors } from './parent-cycle.ts';
import { unknownId, unknownIds } from './references.ts';

/** The fields that a body sets of an asset. */
export function assetFields(plant: Plant, fields: Row, asset: Row | undefined): Row {
  const maker = makerIn(plant, fields['manufacturer'], asset);
  const errors = [
    ...unknownId(plant, 'asset-criticality', 'criticalityId', fields['criticalityId']),
    ...unknownIds(plant, 'team', 'teamIds', fields['teamIds']),
    ...unknownIds(plant, 'vendor', 'vendorIds', fields['vendorIds']),
    ...cycleErrors(plant, 'asset', asset, fields['parentId']),
    ...makerErrors(plant, fields['manufacturer']),
    ...modelErrors(plant, fields['model'], maker),
  ];
  if (errors.length > 0) throw badFields(errors);
  const { depreciation } = fields;
  return {
    ...fields,
    ...namesOf(plant, fields, maker, asset),
    ...(depreciation === undefined
      ? {}
      : { depreciation: writtenDepreciation(plant, depreciation, asset?.['depreciation']) }),
  };
}

/** The name of the manufacturer that the asset will have; empty: none. */
function makerIn(plant: Plant, written: Json | undefined, asset: Row | undefined): string {
  return written === undefined ? textOf(asset?.['manufacturer']) : nameIn(plant, 'manufacturer', written);
}

/** Written as `{id}` of a known one, or as `{name}`, which may be new. */
function nameIn(plant: Plant, table: 'manufacturer' | 'model', written: Json): string {
  if (!isObject(written)) return '';
  const { id, name } = written;
  return textOf(typeof id === 'number' ? plant.store.get(table, id)?.['name'] : name).trim();
}

function makerErrors(plant: Plant, written: Json | undefined): readonly FieldError[] {
  if (!isObject(written)) return [];
  const errors = unknownId(plant, 'manufacturer', 'manufacturer.id', written['id']);
  return errors.length > 0 ? errors : namelessErrors(plant, 'manufacturer', written);
}

function namelessErrors(plant: Plant, table: 'manufacturer' | 'model', written: Json): readonly FieldError[] {
  return nameIn(plant, table, written) === ''
    ? [fieldError('name is required if id is not provided', table, undefined)]
    : [];
}

/** "The model must be linked to the specified manufacturer." */
function modelErrors(plant: Plant, written: Json | undefined, maker: string): readonly FieldError[] {
  if (!isObject(written)) return [];
  if (maker === '') return [fieldError('requires a manufacturer', 'model', undefined)];
  const { id } = written;
  if (typeof id !== 'number') return namelessErrors(plant, 'model', written);
  const makerId = manufacturerNamed(plant, maker)?.['id'];
  const isTheirs = makerId !== undefined && plant.store.get('model', id)?.['manufacturerId'] === makerId;
  return isTheirs ? [] : [fieldError('model is not one of the manufacturer', 'model.id', id)];
}

/** Read as names. Without its manufacturer, or with another one, a model is none of the asset's. */
function namesOf(plant: Plant, fields: Row, maker: string, asset: Row | undefined): Row {
  const { manufacturer, model } = fields;
  if (manufacturer === undefined && model === undefined) return {};
  const isSameMaker = maker === wordOf(asset?.['manufacturer']);
  const kept = isSameMaker ? textOf(asset?.['model']) : '';
  const modelName = model === undefined ? kept : nameIn(plant, 'model', model);
  return { manufacturer: maker === '' ? null : maker, model: maker === '' || modelName === '' ? null : modelName };
}
