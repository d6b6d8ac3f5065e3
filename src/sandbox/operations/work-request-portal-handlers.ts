import { objectOf, type JsonObject } from '../../base/json.ts';
import { refused } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import { insert, touch, type Plant } from '../plant/plant.ts';
import { idOf, type Row } from '../plant/row.ts';
import { portalUrl } from '../plant/work-request-portal.ts';
import type { Handlers } from './handler.ts';
import { refuseAny } from './nested-references.ts';
import { unknownId } from './references.ts';
import { rowIn, shownPage, shownSingle } from './shown-page.ts';

const TABLE = 'work-request-portal';

/** Pages where people without an account ask for work. */
export const workRequestPortalHandlers = {
  listWorkRequestPortals: ({ plant }, request) =>
    shownPage('listWorkRequestPortals', 'workRequestPortals', plant.store.all(TABLE), request),
  getWorkRequestPortal: ({ plant }, request) =>
    shownSingle('getWorkRequestPortal', 'workRequestPortal', rowIn(plant, TABLE, request)),
  createWorkRequestPortal: ({ plant }, request) => {
    refuseRequester(plant, request);
    const body = checked(plant, request);
    const id = plant.store.nextId(TABLE);
    const fields = { ...EMPTY, ...body, portalUrl: portalUrl(plant, id) };
    return { status: 201, json: { id: idOf(insert(plant, TABLE, fields, request.act.userId, id)) } };
  },
  updateWorkRequestPortal: ({ plant }, request) => {
    const row = rowIn(plant, TABLE, request, 'work request portal Not Found');
    Object.assign(row, checked(plant, request));
    touch(plant, row);
    return shownSingle('updateWorkRequestPortal', 'workRequestPortal', row);
  },
  deleteWorkRequestPortal: ({ plant }, request) => {
    const row = rowIn(plant, TABLE, request, 'workRequestPortal Not Found');
    plant.store.delete(TABLE, idOf(row));
    return { status: 204 };
  },
} satisfies Partial<Handlers>;

const EMPTY: Row = {
  welcomeText: null,
  descriptionPlaceholder: null,
  contactInformation: null,
  locationId: null,
  assetId: null,
  emailOnly: false,
  sendEmailNotification: false,
};

function checked(plant: Plant, { body }: ApiRequest): JsonObject {
  const fields = objectOf(body);
  refuseAny([
    ...unknownId(plant, 'location', 'locationId', fields['locationId']),
    ...unknownId(plant, 'asset', 'assetId', fields['assetId']),
  ]);
  return fields;
}

/** Who may only request work makes no portals. */
function refuseRequester(plant: Plant, { act }: ApiRequest): void {
  if (plant.store.get('user', act.userId)?.['role'] === 'REQUESTER') throw refused(403, 'Forbidden');
}
