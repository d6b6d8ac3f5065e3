export { createGovernor, type Governor, type QuotaUse } from './governor.ts';
