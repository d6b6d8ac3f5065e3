export { insertOrganizationLanes, insertTenantLanes, takeLanesBack } from './admit.ts';
export { createHints, type Hints } from './hints.ts';
export {
  NEVER,
  ORGANIZATION_LANES,
  TENANT_LANES,
  WHOLE_TENANT,
  WORK_LANES,
  type Lease,
  type LeaseStatements,
  type LeaseTransaction,
  type WorkLane,
} from './lease.ts';
export {
  admitLeases,
  emptyMemoryLeases,
  memoryLeases,
  memoryLeaseTransaction,
  wakeMemoryLanes,
  type MemoryLeases,
} from './memory.ts';
export {
  createWaker,
  fenceLease,
  laneStates,
  postgresLeases,
  postgresLeaseTransaction,
  wakeAfterCommit,
  type LaneState,
  type Wakes,
} from './postgres.ts';
export { runLane, type LaneTurn, type LaneWork } from './run-lane.ts';
export { createShares } from './shares.ts';
