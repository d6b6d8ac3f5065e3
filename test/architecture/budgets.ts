import { Visitor, type Program } from 'oxc-parser';
import { programOf } from './parse.ts';
import { isGenerated, lineOf, sourceFiles, type Finding, type Sources } from './source.ts';

const MOST_LINES_OF_A_FILE = 400;
const MOST_LINES_OF_A_FUNCTION = 80;
const MOST_CASTS_PER_1000_LINES = 2;

/** Files that people wrote. */
const written = (sources: Sources): readonly (readonly [file: string, text: string])[] =>
  sourceFiles(sources).filter(([file]) => !isGenerated(file));

const linesOf = (text: string): number => text.trimEnd().split('\n').length;

export function fileLengthFindings(sources: Sources): readonly Finding[] {
  return written(sources)
    .filter(([, text]) => linesOf(text) > MOST_LINES_OF_A_FILE)
    .map(([file, text]) => ({
      file,
      line: MOST_LINES_OF_A_FILE + 1,
      message: `${linesOf(text)} lines, at most ${MOST_LINES_OF_A_FILE}: split it along its thoughts`,
    }));
}

export function functionLengthFindings(sources: Sources): readonly Finding[] {
  return written(sources).flatMap(([file, text]) =>
    functionsOf(programOf(file, text))
      .map(({ start, end }) => ({ line: lineOf(text, start), lines: linesOf(text.slice(start, end)) }))
      .filter(({ lines }) => lines > MOST_LINES_OF_A_FUNCTION)
      .map(({ line, lines }) => ({
        file,
        line,
        message: `a function of ${lines} lines, at most ${MOST_LINES_OF_A_FUNCTION}: give its steps names`,
      })),
  );
}

/** Every function but the bodies of `describe`, which are lists of tests. */
function functionsOf(program: Program): readonly { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  const lists = new Set<object>();
  const add = (node: { start: number; end: number }): void => {
    if (!lists.has(node)) found.push(node);
  };
  new Visitor({
    CallExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'describe')
        node.arguments.forEach((argument) => lists.add(argument));
    },
    FunctionDeclaration: add,
    FunctionExpression: add,
    ArrowFunctionExpression: add,
  }).visit(program);
  return found;
}

export function anyFindings(sources: Sources): readonly Finding[] {
  return sourceFiles(sources).flatMap(([file, text]) => {
    const found: Finding[] = [];
    new Visitor({
      TSAnyKeyword: (node) =>
        void found.push({ file, line: lineOf(text, node.start), message: 'any: say what it is, or unknown' }),
    }).visit(programOf(file, text));
    return found;
  });
}

/** Casts (`as X`, `<X>value`, not `as const`) and the lines that they stand in. */
export interface CastCount {
  readonly casts: readonly Finding[];
  readonly lines: number;
}

export function countCasts(sources: Sources): CastCount {
  const files = written(sources);
  return {
    casts: files.flatMap(([file, text]) => castsOf(file, text)),
    lines: files.reduce((sum, [, text]) => sum + linesOf(text), 0),
  };
}

/** All casts when there are more than the budget allows, none otherwise. */
export function castFindings(sources: Sources): readonly Finding[] {
  const { casts, lines } = countCasts(sources);
  return casts.length * 1000 > MOST_CASTS_PER_1000_LINES * lines ? casts : [];
}

function castsOf(file: string, text: string): readonly Finding[] {
  const found: Finding[] = [];
  const add = (node: { start: number; end: number; typeAnnotation: { start: number; end: number } }): void => {
    const type = text.slice(node.typeAnnotation.start, node.typeAnnotation.end);
    if (type === 'const') return;
    const message = `casts to ${type.split('\n')[0]}, and there are too many casts: narrow with a guard instead`;
    found.push({ file, line: lineOf(text, node.typeAnnotation.start), message });
  };
  new Visitor({ TSAsExpression: add, TSTypeAssertion: add }).visit(programOf(file, text));
  return found;
}
