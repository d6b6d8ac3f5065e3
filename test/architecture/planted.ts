import type { Finding, Rule, Sources } from './source.ts';

/** A tree in memory, for the tests of the rules. */
export const planted = (files: Readonly<Record<string, string>>): Sources => new Map(Object.entries(files));

/** What a rule says of a planted tree, as `file:line` each. */
export const places = (rule: Rule, files: Readonly<Record<string, string>>): readonly string[] =>
  rule(planted(files)).map(({ file, line }: Finding) => `${file}:${line}`);
