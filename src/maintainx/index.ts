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
  LIMITS,
  listTellsTime,
  ruleOf,
  SPECIFICATION,
  type EventEntry,
  type Events,
  type FieldRule,
  type HookEvent,
  type Kind,
  type KindEntry,
  type Operations,
} from './catalogue/index.ts';
export { CodedError, isCoded } from '../base/coded-error.ts';
export { Secret } from '../base/secret.ts';
export type { Problem } from './answers.ts';
export {
  createClient,
  type CreatedSubscription,
  type ListOptions,
  type MaintainxClient,
  type Organization,
  type Received,
} from './client.ts';
export type { ClientOptions } from './client-options.ts';
export type { DownloadedFile, DownloadOptions } from './download.ts';
export { MAINTAINX_ERRORS } from './errors.ts';
export type { RateLimits } from './limits.ts';
export type { Answer, CallArguments, CallInput, ListName, OperationName, RowOf } from './operations.ts';
export type { Page } from './paging.ts';
export type { Gate } from './transport.ts';
export { expressWebhooks, type ExpressHandler } from './hook-handlers/express.ts';
export { fastifyWebhooks, type FastifyWebhooks } from './hook-handlers/fastify.ts';
export { fetchWebhooks } from './hook-handlers/fetch.ts';
export type { WebhookDelivery, WebhookOptions, WebhookSecrets } from './hook-handlers/receive.ts';
export { undiciHttp, type Http, type HttpRequest, type HttpResponse } from './http.ts';
export { afterAnswer, afterSend, freshQuota, LANES, usedIn, waitMs, type QuotaLane, type QuotaState } from './quota.ts';
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
