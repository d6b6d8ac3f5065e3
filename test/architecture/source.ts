/** Text of every file that the rules look at, by its path from the root of the repository. */
export type Sources = ReadonlyMap<string, string>;

/** One place that breaks a rule, and what to do about it. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** A rule of the architecture: a pure function, so that its own test can plant a violation. */
export type Rule = (sources: Sources) => readonly Finding[];

/** Line of `offset` in `text`, counted from 1. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

export const isTest = (file: string): boolean => file.endsWith('.test.ts');
export const isGenerated = (file: string): boolean => file.includes('/generated/');
const isSource = (file: string): boolean => file.startsWith('src/') && file.endsWith('.ts');

/** The TypeScript files of src, tests included. */
export function sourceFiles(sources: Sources): readonly (readonly [file: string, text: string])[] {
  return [...sources].filter(([file]) => isSource(file));
}
