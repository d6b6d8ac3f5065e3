export {
  COLLECTIONS,
  comparedFields,
  CORE_KINDS,
  coreEntry,
  detailFields,
  HOOK_EVENT_NAMES,
  HOOK_EVENTS,
  isCompared,
  isCoreKind,
  isHookEvent,
  isKind,
  isListedKind,
  isSingleKind,
  keptName,
  kindEntry,
  KINDS,
  LIMITS,
  LISTED_KINDS,
  listTellsTime,
  ruleOf,
  SPECIFICATION,
  type CoreKind,
  type EventEntry,
  type Events,
  type FieldRule,
  type HookEvent,
  type Kind,
  type KindEntry,
  type ListedKind,
  type NestedEntry,
  type NestedKind,
  type Nesting,
  type Operations,
  type SingleKind,
} from './catalogue/index.ts';
export { CodedError, isCoded } from '../base/coded-error.ts';
export { Secret } from '../base/secret.ts';
export type { Problem } from './answers.ts';
export { createClient, type CreatedSubscription, type MaintainxClient, type Organization } from './client.ts';
export type { ListOptions, Received } from './client-records.ts';
export type { ClientOptions } from './client-options.ts';
export type { DownloadedFile, DownloadOptions } from './download.ts';
export type { LongWindow } from './long-windows.ts';
export { MAINTAINX_ERRORS, raiseMaintainx } from './errors.ts';
export type { RateLimits } from './limits.ts';
export type { Answer, CallArguments, CallInput, ListName, OperationName, RowOf } from './operations.ts';
export type { Page } from './paging.ts';
export type { Gate } from './transport.ts';
export { expressWebhooks, type ExpressHandler } from './hook-handlers/express.ts';
export { fastifyWebhooks, type FastifyWebhooks } from './hook-handlers/fastify.ts';
export { fetchWebhooks } from './hook-handlers/fetch.ts';
export type { WebhookDelivery, WebhookOptions, WebhookSecrets } from './hook-handlers/receive.ts';
export { undiciHttp, type Http, type HttpRequest, type HttpResponse } from './http.ts';
export {
  endedWith,
  exchange,
  freshQuota,
  LANES,
  nextLane,
  perLane,
  planMinutes,
  shareOf,
  usedIn,
  type Ask,
  type Ended,
  type Grant,
  type MinutePlan,
  type QuotaLane,
  type QuotaRule,
  type QuotaState,
} from './quota.ts';
export {
  compareSpecifications,
  documentOf,
  groupDifferences,
  placeInWords,
  readSpecification,
  SEVERITIES,
  type Difference,
  type DifferenceGroup,
  type Parts,
  type Severity,
  type Specification,
} from './specification/index.ts';
export {
  BODY_SIGNATURE_HEADER,
  checkSignature,
  TOLERANCE_MS,
  URI_SIGNATURE_HEADER,
  type SignatureCheck,
  type SignatureInput,
  type SignatureStep,
} from './webhook-signature.ts';
