export { coverageInput } from './coverage.ts';
export { explainRecord, type Explanation } from './explanation.ts';
export { filesOfRecord, storedFile } from './files.ts';
export { tenantHealth, type TenantHealth } from './health.ts';
export { LATE_MS, missedOf } from './missed.ts';
export type { Moment } from './moments.ts';
export { quotaReport, type QuotaReport } from './quota.ts';
