import { describe, expect, test } from 'vitest';
import {
  anyFindings,
  castFindings,
  countCasts,
  fileLengthFindings,
  functionLengthFindings,
} from './architecture/budgets.ts';
import { cycleFindings } from './architecture/cycles.ts';
import { environmentFindings } from './architecture/environment.ts';
import { faceFindings } from './architecture/faces.ts';
import { layerFindings } from './architecture/layers.ts';
import { nameFindings } from './architecture/names.ts';
import { sourceFiles, type Finding, type Rule } from './architecture/source.ts';
import { sqlClockFindings } from './architecture/sql-clock.ts';
import { starFindings } from './architecture/stars.ts';
import { tableFindings } from './architecture/tables.ts';
import { readTree } from './architecture/tree.ts';
import { worldFindings } from './architecture/world.ts';

/** Each rule has a test of its own in test/architecture/ that plants a violation. */
const RULES: Readonly<Record<string, Rule>> = {
  'imports go downward only': layerFindings,
  'folders are imported by their index.ts': faceFindings,
  'nothing is exported by a star': starFindings,
  'names say what is inside': nameFindings,
  'no import cycles': cycleFindings,
  'each table is written in one folder': tableFindings,
  'only config.ts reads the environment': environmentFindings,
  'clock, random and network come through ports': worldFindings,
  'SQL takes the time as a parameter': sqlClockFindings,
  'no file is too long': fileLengthFindings,
  'no function is too long': functionLengthFindings,
  'no any': anyFindings,
  'few casts': castFindings,
};

const sources = readTree();
const shown = ({ file, line, message }: Finding): string => `${file}:${line}  ${message}`;

describe('the architecture of src', () => {
  test.each(Object.entries(RULES))('%s', (_, rule) => {
    expect(rule(sources).map(shown).join('\n')).toBe('');
  });

  test('there is something to look at', () => {
    const { casts, lines } = countCasts(sources);
    console.log(`${casts.length} casts in ${lines} written lines of src`);
    expect(sourceFiles(sources).length).toBeGreaterThan(10);
  });
});
