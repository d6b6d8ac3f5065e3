import { anyRow, maybeRow, someIds } from './choose.ts';
import type { Dice } from './dice.ts';
import { newDocument, newPhoto } from '../plant/file.ts';
import { newId, type Plant } from '../plant/plant.ts';
import { idOf, textOf, type Row } from '../plant/row.ts';
import { COMPONENTS, MACHINES, METERS, MORE_PLACES } from './words.ts';

/** Fields of places, of the machines in them and of the meters at these. */

export function inventLocation(plant: Plant, dice: Dice, name?: string, parentId?: number): Row {
  const parent = parentId ?? maybeMainPlace(plant, dice);
  const title = name ?? `${dice.pick(MORE_PLACES)} ${dice.whole(1, 99)}`;
  return {
    name: title,
    description: `${title} of the packaging plant.`,
    address: 'Havenstraat 12, 1042 Amsterdam',
    barcode: `LOC-${dice.whole(10_000, 99_999)}`,
    ...(parent === undefined ? {} : { parentId: parent }),
    extraFields: { 'Cost center': `CC-${dice.whole(10, 40) * 10}` },
    vendorIds: someIds(plant, dice, 'vendor', dice.whole(0, 1)),
    teamIds: someIds(plant, dice, 'team', dice.whole(0, 1)),
    ...(dice.chance(0.3) ? { thumbnail: newPhoto(plant, 'entrance') } : {}),
    attachments: dice.chance(0.2) ? [newDocument(plant, 'floor plan')] : [],
  };
}

/** The site or one of its halls. */
const maybeMainPlace = (plant: Plant, dice: Dice): number | undefined =>
  dice.maybe(Array.from(plant.store.ordered('location', 'id').forwards().take(3), idOf));

/** A machine, or with a parent a component of it. */
export function inventAsset(plant: Plant, dice: Dice, parent?: Row): Row {
  const [machine, manufacturer, model] = dice.pick(MACHINES);
  const number = dice.whole(1, 99);
  const locationId = parent?.['locationId'] ?? maybeRow(plant, dice, 'location')?.['id'];
  const isOwned = dice.chance(0.4);
  return {
    name: parent === undefined ? `${machine} ${number}` : `${dice.pick(COMPONENTS)} of ${textOf(parent['name'])}`,
    description: `${manufacturer} ${model}, in service since ${dice.whole(2009, 2024)}.`,
    ...(parent === undefined ? {} : { parentId: idOf(parent) }),
    ...(locationId === undefined ? {} : { locationId }),
    barcode: `AST-${dice.whole(100_000, 999_999)}`,
    criticalityId: dice.whole(4101, 4103),
    serialNumber: `SN${dice.whole(1_000_000, 9_999_999)}`,
    manufacturer,
    model,
    assetTypes: [parent === undefined ? 'Machine' : 'Component'],
    teamIds: someIds(plant, dice, 'team', 1),
    vendorIds: someIds(plant, dice, 'vendor', dice.whole(0, 2)),
    extraFields: { 'ERP number': `10${dice.whole(100_000, 999_999)}`, Criticality: dice.pick(['A', 'B', 'C']) },
    ...(isOwned ? { depreciation: inventDepreciation(plant, dice) } : {}),
    ...(dice.chance(0.5) ? { thumbnail: newPhoto(plant, 'nameplate') } : {}),
    attachments: dice.chance(0.3) ? [newDocument(plant, `manual ${model}`)] : [],
  };
}

function inventDepreciation(plant: Plant, dice: Dice): Row {
  const purchasePrice = dice.whole(8, 240) * 1000;
  const bought = `${dice.whole(2014, 2023)}-03-01T00:00:00.000Z`;
  const usefulLifeYears = dice.pick([5, 8, 10, 15]);
  return {
    id: newId(plant, 'line'),
    purchasePrice,
    purchaseDate: bought,
    depreciationStartDate: bought,
    salvageValue: Math.round(purchasePrice / 10),
    usefulLifeYears,
    annualDepreciation: Math.round((purchasePrice * 0.9) / usefulLifeYears),
  };
}

export function inventMeter(plant: Plant, dice: Dice): Row {
  const [name, unit, low, high] = dice.pick(METERS);
  const asset = anyRow(plant, dice, 'asset');
  return {
    name: `${name} ${textOf(asset['name'])}`,
    unit,
    description: `Read at the panel of ${textOf(asset['name'])}.`,
    measurementType: dice.weighted({ MANUAL: 3, AUTOMATED_SENSOR: 1 }),
    readingFrequency: { type: 'WEEKLY', interval: 1, days: [dice.pick(['MONDAY', 'WEDNESDAY', 'FRIDAY'])] },
    assetId: idOf(asset),
    ...(typeof asset['locationId'] === 'number' ? { locationId: asset['locationId'] } : {}),
    // Not shown by any answer: where readings of this meter lie.
    range: { low, high },
  };
}
