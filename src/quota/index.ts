export { createBreaker, type Breaker } from './breaker.ts';
export type { QuotaUse } from './governor.ts';
export type { Principals } from './long-windows.ts';
export { postgresShelf, windowsOf } from './postgres-shelf.ts';
export { createQuota, type Quota } from './principals.ts';
export { memoryShelf, type QuotaShelf } from './shelf.ts';
