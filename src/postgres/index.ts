export { connect } from './connect.ts';
export { sqlState, type Database, type Queries, type TenantTransaction } from './database.ts';
export { attachEmbedded } from './embedded/attach.ts';
export { restoredAt, setRestoredAt } from './restored.ts';
export { adoptNewestKey, type LoginKeys } from './login.ts';
export { bytesArray, plainArray } from './arrays.ts';
