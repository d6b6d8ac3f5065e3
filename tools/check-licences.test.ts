import { expect, test } from 'vitest';
import { offenders, packagesOf } from './check-licences.ts';

const none = (): undefined => undefined;
const lockOf = (packages: Record<string, unknown>): unknown => ({
  packages: { '': { name: 'millwright' }, ...packages },
});

test('names, versions and licences come from the lock, the root is left out', () => {
  const lock = lockOf({
    'node_modules/pg': { version: '8.0.0', license: 'MIT' },
    'node_modules/a/node_modules/@scope/b': { version: '1.0.0', license: 'ISC', dev: true },
  });
  expect(packagesOf(lock, none)).toEqual([
    { name: 'pg', version: '8.0.0', licence: 'MIT', development: false },
    { name: '@scope/b', version: '1.0.0', licence: 'ISC', development: true },
  ]);
});

test('an installed package.json is believed before the lock', () => {
  const lock = lockOf({ 'node_modules/pg': { version: '8.0.0', license: 'MIT' } });
  const licences = [{ license: 'GPL-3.0' }, { license: { type: 'GPL-3.0' } }, { licenses: [{ type: 'GPL-3.0' }] }].map(
    (manifest) => packagesOf(lock, () => manifest)[0]?.licence,
  );
  expect(licences).toEqual(['GPL-3.0', 'GPL-3.0', '(GPL-3.0)']);
});

test('offenders are named with where they are used', () => {
  const found = offenders([
    { name: 'good', version: '1.0.0', licence: '(MIT OR GPL-3.0)', development: false },
    { name: 'bad', version: '1.0.0', licence: 'GPL-3.0', development: false },
    { name: 'silent', version: '2.0.0', licence: undefined, development: true },
  ]);
  expect(found).toEqual(['bad@1.0.0 (production): GPL-3.0', 'silent@2.0.0 (development): states no licence']);
});

test('an exception holds for development and for its licence only', () => {
  const lightning = { name: 'lightningcss-linux-x64-gnu', version: '1.0.0', licence: 'MPL-2.0', development: true };
  expect(offenders([lightning])).toEqual([]);
  expect(offenders([{ ...lightning, development: false }])).toHaveLength(1);
  expect(offenders([{ ...lightning, licence: 'GPL-3.0' }])).toHaveLength(1);
});
