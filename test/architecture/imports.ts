import { posix } from 'node:path';
import { Visitor } from 'oxc-parser';
import { programOf } from './parse.ts';
import { lineOf } from './source.ts';

/** One import or re-export, of values or of types. */
export interface Import {
  readonly file: string;
  readonly line: number;
  readonly specifier: string;
  /** Path from the root of the repository; undefined for packages and Node's own modules. */
  readonly target: string | undefined;
}

/** Every module that a file names: import, export … from, import() and import('…') types. */
export function importsOf(file: string, text: string): readonly Import[] {
  const found: Import[] = [];
  const add = (source: { value: string; start: number } | null): void => {
    if (source === null) return;
    found.push({
      file,
      line: lineOf(text, source.start),
      specifier: source.value,
      target: targetOf(file, source.value),
    });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    TSImportType: (node) => add(node.source),
    ImportExpression: ({ source }) => {
      if (source.type === 'Literal' && typeof source.value === 'string')
        add({ value: source.value, start: source.start });
    },
  }).visit(programOf(file, text));
  return found;
}

function targetOf(file: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : undefined;
}
