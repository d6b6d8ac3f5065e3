import { listComments, postComment } from './comments-api.ts';
import type { Handlers } from './handler.ts';
import { listOrganizations } from './organizations-api.ts';
import { postReading, postReadings } from './readings-api.ts';
import { recordHandlers } from './record-handlers.ts';
import { patchPurchaseOrderStatus, patchWorkOrderStatus, postAssetStatus } from './status-api.ts';
import {
  deleteSubscription,
  getSubscription,
  getSubscriptionSecret,
  patchSubscription,
  postSubscription,
} from './subscriptions-api.ts';

/** Answers for every operation of MaintainX. */
export const HANDLERS: Partial<Handlers> = {
  ...recordHandlers,
  listVersions: () => ({ status: 200, json: [{ version: 'v1' }] }),
  updateWorkOrderStatus: ({ plant }, request) => patchWorkOrderStatus(plant, request),
  listWorkOrderComments: ({ plant }, request) => listComments(plant, request),
  createWorkOrderComment: ({ plant }, request) => postComment(plant, request),
  createAssetStatus: ({ plant }, request) => postAssetStatus(plant, request),
  updatePurchaseOrderStatus: ({ plant }, request) => patchPurchaseOrderStatus(plant, request),
  createMeterReadings: ({ plant }, request) => postReadings(plant, request),
  createMeterReading: ({ plant }, request) => postReading(plant, request),
  listOrganizations: ({ plant }, request) => listOrganizations(plant, request),
  createSubscription: postSubscription,
  getSubscription,
  updateSubscription: patchSubscription,
  deleteSubscription,
  getSubscriptionSecret,
};
