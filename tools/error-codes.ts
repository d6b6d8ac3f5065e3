import { Visitor, type Argument } from 'oxc-parser';
import { programOf } from '../test/architecture/parse.ts';
import { isTest, lineOf, sourceFiles, type Sources } from '../test/architecture/source.ts';

/** A place that names an error code. */
export interface CodeUse {
  readonly code: string;
  /** `file:line`. */
  readonly place: string;
}

/** The codes that src makes errors with: `raise('code', …)`, `raiseMaintainx(late ? 'one' : 'other', …)`. */
export const codesRaised = (sources: Sources): readonly CodeUse[] =>
  usesOf(sources, /^raise(Maintainx)?$/, (given) => given.slice(0, 1));

/** The codes that src asks for: `isCoded(error, 'code', …)`. */
export const codesAskedFor = (sources: Sources): readonly CodeUse[] =>
  usesOf(sources, /^isCoded$/, (given) => given.slice(1));

function usesOf(sources: Sources, callee: RegExp, ofInterest: (given: Argument[]) => Argument[]): readonly CodeUse[] {
  return sourceFiles(sources)
    .filter(([file]) => !isTest(file))
    .flatMap(([file, text]) => {
      const found: CodeUse[] = [];
      new Visitor({
        CallExpression: (node) => {
          if (node.callee.type !== 'Identifier' || !callee.test(node.callee.name)) return;
          const place = `${file}:${lineOf(text, node.start)}`;
          for (const code of ofInterest(node.arguments).flatMap(literalsIn)) found.push({ code, place });
        },
      }).visit(programOf(file, text));
      return found;
    });
}

/** The strings that an expression may come to, as far as they stand in it. */
function literalsIn(given: Argument): readonly string[] {
  if (given.type === 'Literal') return typeof given.value === 'string' ? [given.value] : [];
  if (given.type === 'ConditionalExpression') return [given.consequent, given.alternate].flatMap(literalsIn);
  return [];
}

/** Every string that stands in src outside the tables of codes and the tests: a code may come from a table of its own. */
export function stringsInUse(sources: Sources): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [file, text] of sourceFiles(sources)) {
    if (isTest(file) || file === 'src/errors.ts' || file === 'src/maintainx/errors.ts') continue;
    new Visitor({
      Literal: (node) => {
        if (typeof node.value === 'string') found.add(node.value);
      },
    }).visit(programOf(file, text));
  }
  return found;
}
