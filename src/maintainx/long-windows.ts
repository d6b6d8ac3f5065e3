import { objectOf, type Json } from '../base/json.ts';
import { LIMITS } from './catalogue/index.ts';
import type { OperationName } from './operations.ts';

/** A limit of MaintainX's that only some requests fall under, besides those of the user and the organisation. */
export interface LongWindow {
  /** Whose it is: a meter's is the organisation's, whoever sends. */
  readonly of: 'user' | 'organization';
  /** Names it among the windows of the same user or organisation, e.g. `readings of meter 7`. */
  readonly key: string;
  readonly limit: number;
  readonly windowMs: number;
  /** Nobody waits a day: where it is full, the request is refused with `maintainx-readings-used-up`. */
  readonly whenFull: 'wait' | 'refuse';
}

/** What a call of a reading operation tells of it. */
interface ReadingCall {
  readonly path: Readonly<Record<string, unknown>>;
  readonly json: Json | undefined;
  /** Ids of MANUAL meters among those that are written. */
  readonly manualMeters: readonly string[];
}

const perMs = ({ per }: { readonly per: number }): number => per * 1_000;

/**
 * The windows that a call falls under (FACTS 2.2): a batch under the user's hundred a minute, a single reading under one in
 * ten seconds of its meter, and each MANUAL meter under its ten a day, in which a batch counts as one. Pure.
 */
export function longWindowsOf(name: OperationName, { path, json, manualMeters }: ReadingCall): readonly LongWindow[] {
  const isSingle = name === 'createMeterReading';
  if (!isSingle && name !== 'createMeterReadings') return [];
  const written = isSingle ? [idText(path['meterId'])] : rowsOf(json).map((row) => idText(objectOf(row)['meterId']));
  const daily = manualMeters.filter((meter) => written.includes(meter)).map(manual);
  return [...daily, ...(isSingle ? written.map(single) : [BATCHES])];
}

const rowsOf = (json: Json | undefined): readonly Json[] => (isArray(json) ? json : []);
const isArray = (json: Json | undefined): json is readonly Json[] => Array.isArray(json);
const idText = (id: unknown): string => (typeof id === 'number' || typeof id === 'string' ? String(id) : '');

const manual = (meter: string): LongWindow => ({
  of: 'organization',
  key: `manual readings of meter ${meter}`,
  limit: LIMITS.manualReadings.value,
  windowMs: perMs(LIMITS.manualReadings),
  whenFull: 'refuse',
});

const single = (meter: string): LongWindow => ({
  of: 'organization',
  key: `readings of meter ${meter}`,
  limit: LIMITS.singleReadings.value,
  windowMs: perMs(LIMITS.singleReadings),
  whenFull: 'wait',
});

const BATCHES: LongWindow = {
  of: 'user',
  key: 'batches of readings',
  limit: LIMITS.readingBatches.value,
  windowMs: perMs(LIMITS.readingBatches),
  whenFull: 'wait',
};
