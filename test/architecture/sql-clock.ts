import { isTest, lineOf, sourceFiles, type Finding, type Sources } from './source.ts';
import { stringsOf } from './strings.ts';

const CLOCK =
  /\b(?:(?:now|clock_timestamp|statement_timestamp|transaction_timestamp)\s*\(\s*\)|current_timestamp|localtimestamp)/gi;

/** SQL takes the time as a parameter; only src/postgres, which runs no engine SQL, may ask the server. */
export function sqlClockFindings(sources: Sources): readonly Finding[] {
  return sourceFiles(sources)
    .filter(([file]) => !file.startsWith('src/postgres/') && !isTest(file))
    .flatMap(([file, text]) =>
      stringsOf(file, text).flatMap((one) =>
        [...one.text.matchAll(CLOCK)].map((match) => ({
          file,
          line: lineOf(text, one.start + match.index),
          message: `SQL reads the server's clock (${match[0]}): pass the time as a parameter`,
        })),
      ),
    );
}
