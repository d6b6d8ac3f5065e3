import type { Json } from '../../base/json.ts';

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** The list inside `value`, or an empty one. */
export const listOf = (value: Json | undefined): readonly Json[] => (isList(value) ? value : []);
