import { kindEntry, KINDS, type Kind } from '../../maintainx/catalogue/index.ts';
import { noRoute, type Answer } from './answer.ts';
import { listComments, listOrganizations, postComment, postReading, postReadings } from '../operations/other-api.ts';
import { deleteRecord, getRecord, listRecords, patchRecord, postRecord } from '../operations/records-api.ts';
import type { ApiRequest } from './request.ts';
import { patchPurchaseOrderStatus, patchWorkOrderStatus, postAssetStatus } from '../operations/status-api.ts';
import {
  deleteSubscription,
  getSubscription,
  getSubscriptionSecret,
  patchSubscription,
  postSubscription,
} from '../operations/subscriptions-api.ts';
import type { World } from '../world.ts';

type Operation = (world: World, request: ApiRequest, id: string) => Answer;

/** Kinds by the first word of their path. */
const KIND_OF: ReadonlyMap<string, Kind> = new Map(KINDS.map((kind) => [kindEntry(kind).path.slice(1), kind]));

/** Everything beside the five operations of each kind; `:id` stands for one segment. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  'PATCH workorders/:id/status': ({ plant }, request, id) => patchWorkOrderStatus(plant, id, request),
  'GET workorders/:id/comments': ({ plant }, request, id) => listComments(plant, id, request),
  'POST workorders/:id/comments': ({ plant }, request, id) => postComment(plant, id, request),
  'POST assets/:id/status': ({ plant }, request, id) => postAssetStatus(plant, id, request),
  'PATCH purchaseorders/:id/status': ({ plant }, request, id) => patchPurchaseOrderStatus(plant, id, request),
  'POST meterreadings': ({ plant }, request) => postReadings(plant, request),
  'POST meters/:id/readings': ({ plant }, request, id) => postReading(plant, id, request),
  'GET organizations': ({ plant }, request) => listOrganizations(plant, request),
  'POST subscriptions': postSubscription,
  'GET subscriptions/:id': (world, _, id) => getSubscription(world, id),
  'PATCH subscriptions/:id': (world, request, id) => patchSubscription(world, id, request),
  'DELETE subscriptions/:id': (world, request, id) => deleteSubscription(world, id, request),
  'GET subscriptions/:id/secret': (world, _, id) => getSubscriptionSecret(world, id),
};

/** Answers a request that passed the gate. */
export function answerOf(world: World, request: ApiRequest): Answer {
  const [resource = '', id = '', ...rest] = request.path.replace(/^\/v1\//, '').split('/');
  const pattern = [resource, ...(id === '' ? [] : [':id']), ...rest].join('/');
  const operation = OPERATIONS[`${request.method} ${pattern}`];
  if (operation !== undefined) return operation(world, request, id);
  const kind = rest.length === 0 ? KIND_OF.get(resource) : undefined;
  const answer = kind === undefined ? undefined : ofKind(world, kind, id, request);
  return answer ?? noRoute(request.method, request.path);
}

function ofKind({ plant }: World, kind: Kind, id: string, request: ApiRequest): Answer | undefined {
  switch (`${request.method} ${id === '' ? 'all' : 'one'}`) {
    case 'GET all':
      return listRecords(plant, kind, request);
    case 'POST all':
      return postRecord(plant, kind, request);
    case 'GET one':
      return getRecord(plant, kind, id, request);
    case 'PATCH one':
      return patchRecord(plant, kind, id, request);
    case 'DELETE one':
      return deleteRecord(plant, kind, id, request);
    default:
      return undefined;
  }
}
