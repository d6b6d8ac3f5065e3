import { Visitor } from 'oxc-parser';
import { globalsOf } from './globals.ts';
import { programOf } from './parse.ts';
import { lineOf, sourceFiles, type Finding, type Sources } from './source.ts';

const READER = 'src/config.ts';

/** Only src/config.ts reads the environment, so that its table is the whole truth about settings. Tests take no part of it. */
export function environmentFindings(sources: Sources): readonly Finding[] {
  return sourceFiles(sources)
    .filter(([file]) => file !== READER)
    .flatMap(([file, text]) =>
      [...members(file, text), ...takenApart(file, text)].map((start) => ({
        file,
        line: lineOf(text, start),
        message: `reads process.env: add a setting to ${READER} and take its value as a parameter`,
      })),
    );
}

function members(file: string, text: string): readonly number[] {
  return globalsOf(programOf(file, text))
    .filter((use) => use.name === 'process.env')
    .map((use) => use.start);
}

/** `import … from 'node:process'` and `const { env } = process`. */
function takenApart(file: string, text: string): readonly number[] {
  const found: number[] = [];
  new Visitor({
    ImportDeclaration: (node) => {
      if (/^(node:)?process$/.test(node.source.value)) found.push(node.start);
    },
    VariableDeclarator: ({ id, init, start }) => {
      if (id.type === 'ObjectPattern' && init?.type === 'Identifier' && init.name === 'process') found.push(start);
    },
  }).visit(programOf(file, text));
  return found;
}
