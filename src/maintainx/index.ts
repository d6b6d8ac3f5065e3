export {
  comparedFields,
  detailFields,
  HOOK_EVENTS,
  isCompared,
  isHookEvent,
  isKind,
  keptName,
  kindEntry,
  KINDS,
  listTellsTime,
  ruleOf,
  type EventEntry,
  type FieldRule,
  type HookEvent,
  type Kind,
  type KindEntry,
} from './catalogue/index.ts';
export {
  createClient,
  type Gate,
  type ListOptions,
  type MaintainxClient,
  type Organization,
  type Page,
  type Received,
} from './client.ts';
export { MAINTAINX_ERRORS } from './errors.ts';
export { undiciHttp, type Http, type HttpRequest, type HttpResponse } from './http.ts';
export { afterAnswer, afterSend, freshQuota, LANES, usedIn, waitMs, type QuotaLane, type QuotaState } from './quota.ts';
export {
  BODY_SIGNATURE_HEADER,
  checkSignature,
  URI_SIGNATURE_HEADER,
  type SignatureCheck,
  type SignatureStep,
} from './webhook-signature.ts';
