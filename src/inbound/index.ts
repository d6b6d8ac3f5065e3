export { deliverWork } from './deliver.ts';
export {
  DELIVERY_STATES,
  type AddressedDelivery,
  type Arrival,
  type Delivery,
  type DeliveryFilter,
  type DeliveryState,
  type NewDelivery,
} from './delivery.ts';
export { turnDays } from './delivery-days.ts';
export { forgetBodies } from './forget-bodies.ts';
export { newId, type EnginePorts, type Site } from './engine.ts';
export { GROUPS, planBudget, tradesOf, type BudgetPlan, type Goal, type Trade, type Verdict } from './budget.ts';
export { coverageOf, type Cost, type Coverage, type CoverageInput, type KindCoverage } from './coverage.ts';
export { readCoverageInput } from './coverage-input.ts';
export { guardianWork, WANTED_EVENTS } from './guardian.ts';
export { cachedHookTargets, HOOK_KEYS_KNOWN_MS, type HookTargets } from './hook-targets.ts';
export { shownBody } from './hook-url.ts';
export { hydrateWork } from './hydrate.ts';
export { createIntake, type IncomingHook, type Intake } from './intake.ts';
export { keyChanged } from './access.ts';
export type { BackfillPlan } from './backfill-plan.ts';
export { writesFor } from './may-write.ts';
export { memoryAccess, type MemoryAccess } from './memory-access.ts';
export { memoryCursors, type MemoryCursors } from './memory-cursors.ts';
export { acceptInMemory, emptyMemoryDeliveries, memoryDeliveries, type MemoryDeliveries } from './memory-deliveries.ts';
export { memoryHydrations, type MemoryHydrations } from './memory-hydrations.ts';
export { emptyMemoryRuns, memoryRuns, type MemoryRuns } from './memory-runs.ts';
export { memorySettings, type MemorySettings } from './memory-settings.ts';
export { postgresAccess } from './postgres-access.ts';
export { type InboundStore, type InboundTransaction } from './port.ts';
export { postgresCursors } from './postgres-cursors.ts';
export { postgresDeliveries } from './postgres-deliveries.ts';
export { insertDeliveries } from './postgres-intake.ts';
export { postgresHydrations } from './postgres-hydrations.ts';
export { postgresRuns } from './postgres-runs.ts';
export { postgresSettings } from './postgres-settings.ts';
export { pullWork } from './pull.ts';
export { brakedKinds, PLAIN_RUN, type KindProgress, type Run, type RunKind, type RunOptions } from './run.ts';
export { DEFAULT_KINDS, DEFAULT_SETTINGS, listedIn, WRITES, type PullSettings, type Writes } from './settings.ts';
export { ENGINE_SITUATIONS, type Situation } from './situations.ts';
export type { Change, Notice } from './notice.ts';
export { blobKeyOf } from './store-files.ts';
export { missedHooks, subscribedName, type HookCount, type SubscribedName } from './missed-hooks.ts';
export {
  hookTarget,
  resealHookSecrets,
  doubtChecks,
  endSubscriptionsOf,
  retireSubscriptions,
  subscribedEverywhere,
  subscribedSince,
  subscriptionsOf,
  type HookTarget,
} from './subscriptions.ts';
export type { HeldKind, NewRun, ParkedRead, WithheldKind } from './statements.ts';
export { syncStatus, type SyncStatus } from './status.ts';
export type { Intervals, UpkeepTimes } from './upkeep.ts';
