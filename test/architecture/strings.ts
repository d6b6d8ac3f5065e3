import { Visitor } from 'oxc-parser';
import { programOf } from './parse.ts';

/** A string or template as it stands in the source. */
export interface SourceString {
  /** Offset in the file. */
  readonly start: number;
  /** Source text of the same length as in the file; what stands in `${…}` is blanked with NUL. */
  readonly text: string;
}

/** Every string and template of a file, where SQL may stand; comments are left out. */
export function stringsOf(file: string, text: string): readonly SourceString[] {
  const found: SourceString[] = [];
  new Visitor({
    Literal: (node) => {
      if (typeof node.value === 'string') found.push({ start: node.start, text: text.slice(node.start, node.end) });
    },
    TemplateLiteral: ({ start, end, quasis }) => {
      const parts = quasis.map((quasi, index) => {
        const gap = (quasis[index + 1]?.start ?? quasi.end) - quasi.end;
        return text.slice(quasi.start, quasi.end) + '\0'.repeat(gap);
      });
      found.push({ start, text: parts.join('').slice(0, end - start) });
    },
  }).visit(programOf(file, text));
  return found;
}
