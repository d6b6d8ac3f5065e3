import { expect, test } from 'vitest';
import { nameFindings } from './names.ts';
import { places } from './planted.ts';

test.each(['src/utils/a.ts', 'src/log/helpers.ts', 'src/log/util.test.ts', 'test/common/a.ts', 'src/lib/index.ts'])(
  '%s is named',
  (file) => {
    expect(places(nameFindings, { [file]: '' })).toEqual([`${file}:1`]);
  },
);

test.each(['src/library/a.ts', 'src/log/shared-lease.ts', 'src/miscount.ts'])('%s is left alone', (file) => {
  expect(places(nameFindings, { [file]: '' })).toEqual([]);
});
