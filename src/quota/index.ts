export { createBreaker, type Breaker } from './breaker.ts';
export type { QuotaUse } from './governor.ts';
export { postgresShelf } from './postgres-shelf.ts';
export { createQuota, type Principals, type Quota } from './principals.ts';
export { memoryShelf, type QuotaShelf } from './shelf.ts';
