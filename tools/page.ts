const NOTICE = '<!-- Made by `npm run generate`; edit the table in the code, not this page. -->';

/** A page that is made from code. */
export const page = (title: string, introduction: string, body: string): string =>
  `# ${title}\n\n${NOTICE}\n\n${introduction}\n\n${body}\n`;

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A cell is one line, and a bar in it is no border. */
const cell = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
