import { assetStatusHandlers } from './asset-status-handlers.ts';
import { assetWordHandlers } from './asset-word-handlers.ts';
import { attachmentHandlers } from './attachment-handlers.ts';
import { conversationHandlers } from './conversation-handlers.ts';
import { customFieldHandlers } from './custom-field-handlers.ts';
import type { Handlers } from './handler.ts';
import { listOrganizations } from './organizations-api.ts';
import { meterTriggerFileHandlers } from './meter-trigger-file-handlers.ts';
import { meterTriggerHandlers } from './meter-trigger-handlers.ts';
import { readingHandlers } from './readings-api.ts';
import { partTransferHandlers } from './part-transfer-handlers.ts';
import { purchaseOrderHandlers } from './purchase-order-handlers.ts';
import { recordHandlers } from './record-handlers.ts';
import { teamMemberHandlers } from './team-member-handlers.ts';
import { userHandlers } from './user-handlers.ts';
import { vendorContactHandlers } from './vendor-contact-handlers.ts';
import {
  deleteSubscription,
  getSubscription,
  getSubscriptionSecret,
  patchSubscription,
  postSubscription,
} from './subscriptions-api.ts';
import { workOrderHandlers } from './work-order-handlers.ts';
import { procedureFileHandlers } from './procedure-file-handlers.ts';
import { procedureTemplateHandlers } from './procedure-template-handlers.ts';
import { workRequestPortalHandlers } from './work-request-portal-handlers.ts';
import { workPermitHandlers } from './work-permit-handlers.ts';
import { maintenancePlanHandlers } from './maintenance-plan-handlers.ts';
import { rootCauseHandlers } from './root-cause-handlers.ts';

/** Answers for every operation of MaintainX. */
export const HANDLERS: Handlers = {
  ...recordHandlers,
  ...assetStatusHandlers,
  ...assetWordHandlers,
  ...conversationHandlers,
  ...customFieldHandlers,
  ...teamMemberHandlers,
  ...userHandlers,
  ...vendorContactHandlers,
  ...attachmentHandlers,
  ...partTransferHandlers,
  ...purchaseOrderHandlers,
  ...readingHandlers,
  ...meterTriggerHandlers,
  ...meterTriggerFileHandlers,
  ...workOrderHandlers,
  ...procedureFileHandlers,
  ...procedureTemplateHandlers,
  ...workRequestPortalHandlers,
  ...workPermitHandlers,
  ...maintenancePlanHandlers,
  ...rootCauseHandlers,
  listVersions: () => ({ status: 200, json: [{ version: 'v1' }] }),
  listOrganizations: (_, request) => listOrganizations(request),
  createSubscription: postSubscription,
  getSubscription,
  updateSubscription: patchSubscription,
  deleteSubscription,
  getSubscriptionSecret,
};
