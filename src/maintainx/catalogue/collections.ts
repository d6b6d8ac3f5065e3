import { THING_COLLECTIONS } from './collections-of-things.ts';
import { WORK_COLLECTIONS } from './collections-of-work.ts';

/** Every collection with its operations (`#/paths/<path>/<method>`): each of the 169 is in exactly one. */
export const COLLECTIONS = { ...THING_COLLECTIONS, ...WORK_COLLECTIONS } as const;

export type CollectionName = keyof typeof COLLECTIONS;
