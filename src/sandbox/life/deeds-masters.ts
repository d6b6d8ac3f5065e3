import type { CoreKind } from '../../maintainx/catalogue/index.ts';
import { find, nameOf, type Deed, type Scene } from './deed.ts';
import { anyRow, someIds } from '../seed/choose.ts';
import { idOf, objectsOf, textOf, type Row } from '../plant/row.ts';
import { objectOf } from '../../base/json.ts';
import { updateRecord } from '../plant/update.ts';

/** Now and then somebody tidies up the master data. */

function edit(kind: CoreKind, verb: string, fields: (scene: Scene, row: Row) => Row): Deed {
  return (scene) => {
    const row = find(scene, kind);
    if (row === undefined) return undefined;
    updateRecord(scene.plant, kind, row, fields(scene, row), scene.act);
    return `${verb} ${nameOf(row) || textOf(row['firstName'])}`;
  };
}

const withCustomField = (row: Row, label: string, value: string): Row => ({
  extraFields: { ...objectOf(row['extraFields']), [label]: value },
});

export const describeLocation = edit('location', 'described the location', ({ dice }, row) => ({
  description: `${nameOf(row)}, zone ${dice.whole(1, 40)}.`,
}));
export const editAsset = edit('asset', 'changed the data of', ({ dice }, row) =>
  withCustomField(row, 'Criticality', dice.pick(['A', 'B', 'C'])),
);
export const moveAsset = edit('asset', 'moved', ({ plant, dice }) => ({
  locationId: idOf(anyRow(plant, dice, 'location')),
}));
export const describeVendor = edit('vendor', 'updated the vendor', ({ dice }) => ({
  description: `Framework agreement ${dice.whole(1000, 9999)}.`,
}));
export const renumberVendor = edit('vendor', 'changed the vendor number of', ({ dice }, row) =>
  withCustomField(row, 'Vendor number', `V${dice.whole(10_000, 99_999)}`),
);
export const payUser = edit('user', 'changed the hourly rate of', ({ dice }) => ({
  hourlyRate: dice.whole(24, 60) * 100,
}));
export const fillTeam = edit('team', 'changed the members of', ({ plant, dice }) => ({
  memberIds: someIds(plant, dice, 'user', dice.whole(2, 6)),
}));
export const describeCategory = edit('category', 'described the category', ({ dice }, row) => ({
  description: `Work of the kind ${nameOf(row).toLowerCase()}, rule ${dice.whole(1, 99)}.`,
}));
export const describeMeter = edit('meter', 'described the meter', ({ dice }) => ({
  description: `Panel ${dice.whole(1, 60)}, left side.`,
}));
export const relocatePart = edit('part', 'moved to another rack:', ({ dice }, row) => ({
  locations: objectsOf(row['locations']).map((place) => ({
    ...place,
    area: `Rack ${dice.pick(['A', 'B', 'C'])}${dice.whole(1, 12)}`,
  })),
}));
