import { Visitor } from 'oxc-parser';
import { programOf } from './parse.ts';
import { lineOf, sourceFiles, type Finding, type Sources } from './source.ts';

/** `export *` hides what a folder offers. */
export function starFindings(sources: Sources): readonly Finding[] {
  return sourceFiles(sources).flatMap(([file, text]) => {
    const found: Finding[] = [];
    new Visitor({
      ExportAllDeclaration: (node) =>
        void found.push({ file, line: lineOf(text, node.start), message: 'export *: name what is exported' }),
    }).visit(programOf(file, text));
    return found;
  });
}
