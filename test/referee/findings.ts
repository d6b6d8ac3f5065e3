import { writeFileSync } from 'node:fs';
import type { PrismFindings } from './prism-round.ts';
import type { Tally } from './tally.ts';

type Figures = ReturnType<Tally['figures']>;

/** Everything that was found, as a page for those who mend it; what is not there at all is told once. */
export function writeFindings(
  file: string,
  figures: Figures,
  unmet: readonly string[],
  prism: PrismFindings | undefined,
): void {
  const { violations, undocumentedFields, operationsNotCovered, eventTypesNotSeen, ...counts } = figures;
  const isAbsence = /is not served at all|: 404, .*: Cannot /;
  const sections = [
    listed(
      'Violations',
      violations.filter((line) => !isAbsence.test(line)),
    ),
    listed(
      'Answered otherwise than expected',
      unmet.filter((line) => !isAbsence.test(line)),
    ),
    listed(
      'Not served at all',
      violations.filter((line) => isAbsence.test(line)),
    ),
    listed('Operations not covered', operationsNotCovered),
    listed('Event types not seen', eventTypesNotSeen),
    listed('Undocumented fields', undocumentedFields),
    ...(prism === undefined ? [] : [listed('Prism', prism.violations)]),
  ];
  writeFileSync(file, `# Findings of the referee\n\n${JSON.stringify(counts, null, 2)}\n${sections.join('')}`);
}

const listed = (title: string, lines: readonly string[]): string =>
  `\n## ${title} (${lines.length})\n\n${lines.map((line) => `- ${line}\n`).join('')}`;
