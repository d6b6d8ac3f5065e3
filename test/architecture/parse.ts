import { parseSync, type Program } from 'oxc-parser';

const parsed = new Map<string, Program>();

/** The syntax tree of a TypeScript file; each text is parsed once however many rules ask for it. */
export function programOf(file: string, text: string): Program {
  const key = `${file}\n${text}`;
  const program = parsed.get(key) ?? parse(file, text);
  parsed.set(key, program);
  return program;
}

function parse(file: string, text: string): Program {
  const { program, errors } = parseSync(file, text);
  const [first] = errors;
  if (first !== undefined) throw new Error(`${file} cannot be parsed: ${first.message}`);
  return program;
}
