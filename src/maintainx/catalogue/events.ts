import type { Events } from '../generated/types.ts';
import type { Kind } from './kind.ts';

/** A webhook event type, as MaintainX spells it. */
export type HookEvent = keyof Events;

export interface EventEntry {
  /** Type of the fact that we keep, `<kind>.<what happened>`. */
  readonly fact: string;
  /** Kind and id path of each record that the body names; `a.b` means key b of object a. */
  readonly records: readonly { readonly kind: Kind; readonly id: string }[];
  /** Whether it says that the record is gone. */
  readonly deletes?: true;
  /** Whether it is about who may do what, and not about the plant. */
  readonly security?: true;
}

const about = (kind: Kind, id: string, fact: string): EventEntry => ({
  fact: `${kind}.${fact}`,
  records: [{ kind, id }],
});
const security = (fact: string): EventEntry => ({ fact, records: [], security: true });
const aboutUser = (fact: string, id = 'targetUserId'): EventEntry => about('user', id, fact);

/** All 46 events. Id keys as FACTS 1.3 and the bodies in `generated/specification.ts` give them. */
export const HOOK_EVENTS: Readonly<Record<HookEvent, EventEntry>> = {
  NEW_WORK_ORDER: about('work-order', 'workOrderId', 'created'),
  WORK_ORDER_CHANGE: about('work-order', 'workOrderId', 'edited'),
  WORK_ORDER_STATUS_CHANGE: about('work-order', 'workOrderId', 'status-changed'),
  WORK_ORDER_PART_STATUS_CHANGE: about('work-order', 'workOrderId', 'part-status-changed'),
  WORK_ORDER_OVERDUE: about('work-order', 'workOrderId', 'became-overdue'),
  WORK_ORDER_DELETE: { ...about('work-order', 'workOrderId', 'deleted'), deletes: true },
  NEW_COMMENT_ON_WORK_ORDER: about('work-order', 'workOrderId', 'commented'),
  NEW_CATEGORY_ON_WORK_ORDER: about('work-order', 'workOrderId', 'categorised'),
  NEW_WORK_REQUEST: about('work-request', 'workRequestId', 'created'),
  WORK_REQUEST_STATUS_CHANGE: about('work-request', 'requestId', 'status-changed'),
  NEW_ASSET: about('asset', 'assetId', 'created'),
  ASSET_STATUS_CHANGE: about('asset', 'assetId', 'status-changed'),
  NEW_LOCATION: about('location', 'locationId', 'created'),
  NEW_VENDOR: about('vendor', 'vendorId', 'created'),
  METER_TRIGGER_STATE_CHANGE: about('meter', 'meterId', 'trigger-changed'),
  NEW_PART: about('part', 'partId', 'created'),
  PART_CHANGE: about('part', 'partId', 'edited'),
  PART_DELETE: { ...about('part', 'partId', 'deleted'), deletes: true },
  PART_QUANTITY_CHANGE: about('part', 'partId', 'quantity-changed'),
  PART_TRANSFER: {
    fact: 'part.transferred',
    records: [
      { kind: 'part', id: 'sourceData.partId' },
      { kind: 'part', id: 'destinationData.partId' },
    ],
  },
  NEW_PURCHASE_ORDER: about('purchase-order', 'purchaseOrderId', 'created'),
  PURCHASE_ORDER_CHANGE: about('purchase-order', 'purchaseOrderId', 'edited'),
  PURCHASE_ORDER_STATUS_CHANGE: about('purchase-order', 'purchaseOrderId', 'status-changed'),
  USER_ACTIVATED: aboutUser('activated'),
  USER_INVITED: aboutUser('invited'),
  USER_REMOVED: aboutUser('removed'),
  USER_ROLE_CHANGED: aboutUser('role-changed'),
  USER_PERMISSIONS_CHANGED: aboutUser('permissions-changed'),
  USER_SESSION_REVOKED: security('user.session-revoked'),
  USER_LOGIN_SUCCESS: security('user.logged-in'),
  USER_LOGIN_FAILURE: security('user.login-failed'),
  USER_LOGOUT: security('user.logged-out'),
  NEW_SLASH_COMMAND: { fact: 'conversation.slash-command-sent', records: [] },
  API_TOKEN_CREATED: security('organisation.api-token-created'),
  API_TOKEN_REVOKED: security('organisation.api-token-revoked'),
  CONNECTOR_TOKEN_REVOKED: security('organisation.connector-token-revoked'),
  DATA_EXPORT_INITIATED: security('organisation.data-export-initiated'),
  INVITE_LINK_ARCHIVED: security('organisation.invite-link-archived'),
  INVITE_LINK_CREATED: security('organisation.invite-link-created'),
  INVITE_LINK_UPDATED: security('organisation.invite-link-updated'),
  ROLE_ARCHIVED: security('organisation.role-archived'),
  ROLE_CREATED: security('organisation.role-created'),
  ROLE_UPDATED: security('organisation.role-updated'),
  SSO_CONFIG_CHANGED: security('organisation.sso-config-changed'),
  WEBHOOK_ARCHIVED: security('organisation.webhook-archived'),
  WEBHOOK_CREATED: security('organisation.webhook-created'),
};

/** All 46, in the order of the table. */
export const HOOK_EVENT_NAMES: readonly HookEvent[] = Object.keys(HOOK_EVENTS).filter(isHookEvent);

export function isHookEvent(name: string): name is HookEvent {
  return Object.hasOwn(HOOK_EVENTS, name);
}
