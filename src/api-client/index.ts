export { ApiError } from './api-error.ts';
export { createApiClient, type ApiClient, type ApiClientOptions, type ApiInput, type ApiOperation } from './client.ts';
export type { ApiOperations } from './generated/operations.ts';
export {
  subscribe,
  type Bookmark,
  type EventHandler,
  type LogEvent,
  type Subscription,
  type SubscriptionOptions,
} from './subscription.ts';
