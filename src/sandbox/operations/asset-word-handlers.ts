import { objectOf } from '../../base/json.ts';
import { badFields, fieldError, refused, type Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import { manufacturerNamed, modelNamed, newManufacturer, newModel } from '../plant/maker.ts';
import { insert, touch } from '../plant/plant.ts';
import { idOf, numberOf, textOf, wordOf } from '../plant/row.ts';
import type { World } from '../world.ts';
import type { Handlers } from './handler.ts';
import { rowIn, shownPage, shownSingle } from './shown-page.ts';

/** The words that assets are described with: criticalities, custom statuses, manufacturers and models. */

function listCriticalities({ plant }: World, request: ApiRequest): Answer {
  const [label, level] = [request.query.get('label'), request.query.get('level')];
  const rows = plant.store
    .all('asset-criticality')
    .filter((row) => (label === null || row['label'] === label) && (level === null || wordOf(row['level']) === level));
  return shownPage('listAssetCriticalities', 'assetCriticalities', rows, request);
}

const createdWith = (id: number): Answer => ({ status: 201, json: { id } });

/** Text of a body that says something. */
function nameIn({ body }: ApiRequest, field: string): string {
  const name = textOf(objectOf(body)[field]).trim();
  if (name === '') throw badFields([fieldError('must NOT have fewer than 1 characters', field, name)]);
  return name;
}

function createCustomStatus({ plant }: World, request: ApiRequest): Answer {
  const label = nameIn(request, 'label');
  const { baseAssetStatus = null } = objectOf(request.body);
  const row = insert(plant, 'asset-custom-status', { label, baseAssetStatus }, request.act.userId);
  return createdWith(idOf(row));
}

function updateCustomStatus({ plant }: World, request: ApiRequest): Answer {
  const row = rowIn(plant, 'asset-custom-status', request, 'assetcustomstatus Not Found');
  row['label'] = nameIn(request, 'label');
  touch(plant, row);
  return shownSingle('updateAssetCustomStatus', 'assetcustomstatus', row);
}

/** Assets that have it keep it, and show when it was deleted. */
function deleteCustomStatus({ plant }: World, request: ApiRequest): Answer {
  const row = rowIn(plant, 'asset-custom-status', request, 'assetCustomStatus Not Found');
  touch(plant, row);
  row['deletedAt'] = row['updatedAt'] ?? null;
  plant.store.delete('asset-custom-status', idOf(row));
  return { status: 204 };
}

function createManufacturer({ plant }: World, request: ApiRequest): Answer {
  const name = nameIn(request, 'name');
  if (manufacturerNamed(plant, name) !== undefined) throw badFields([fieldError('already exists', 'name', name)]);
  return createdWith(idOf(newManufacturer(plant, name, request.act.userId)));
}

function createModel({ plant }: World, request: ApiRequest): Answer {
  const name = nameIn(request, 'name');
  const manufacturerId = numberOf(objectOf(request.body)['manufacturerId']);
  if (plant.store.get('manufacturer', manufacturerId) === undefined) throw refused(404, 'manufacturer Not Found');
  if (modelNamed(plant, manufacturerId, name) !== undefined)
    throw badFields([fieldError('already exists', 'name', name)]);
  return createdWith(idOf(newModel(plant, manufacturerId, name, request.act.userId)));
}

export const assetWordHandlers = {
  listAssetCriticalities: listCriticalities,
  getAssetCriticality: ({ plant }, request) =>
    shownSingle('getAssetCriticality', 'assetCriticality', rowIn(plant, 'asset-criticality', request)),
  listAssetCustomStatuses: ({ plant }, request) =>
    shownPage('listAssetCustomStatuses', 'assetCustomStatuses', plant.store.all('asset-custom-status'), request),
  createAssetCustomStatus: createCustomStatus,
  getAssetCustomStatus: ({ plant }, request) =>
    shownSingle('getAssetCustomStatus', 'assetCustomStatus', rowIn(plant, 'asset-custom-status', request)),
  updateAssetCustomStatus: updateCustomStatus,
  deleteAssetCustomStatus: deleteCustomStatus,
  listManufacturers: ({ plant }, request) =>
    shownPage('listManufacturers', 'manufacturers', plant.store.all('manufacturer'), request),
  createManufacturer,
  getManufacturer: ({ plant }, request) =>
    shownSingle('getManufacturer', 'manufacturer', rowIn(plant, 'manufacturer', request, 'manufacturer Not Found')),
  listModels: ({ plant }, request) => shownPage('listModels', 'models', plant.store.all('model'), request),
  createModel,
  getModel: ({ plant }, request) => shownSingle('getModel', 'model', rowIn(plant, 'model', request, 'model Not Found')),
} satisfies Partial<Handlers>;
