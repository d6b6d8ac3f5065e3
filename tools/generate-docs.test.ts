import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configurationPage, errorsPage, pages } from './generate-docs.ts';

const committed = (path: string): string => {
  try {
    return readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
  } catch {
    return 'there is no such file';
  }
};

test.each(Object.entries(pages()))('%s is up to date; if not: npm run generate', (path, made) => {
  expect(committed(path)).toBe(made);
});

test('a setting is one row, with its default if it has one', () => {
  const text = configurationPage({
    port: { env: 'PORT', type: 'integer', default: '8080', description: 'Port to listen on.' },
    key: { env: 'KEY', type: 'secret', description: 'One | two\nlines.' },
  });
  expect(text).toContain(
    '| `PORT` | integer | `8080` | Port to listen on. |\n| `KEY` | secret |  | One \\| two lines. |\n',
  );
});

test('an error is one row under its table', () => {
  const text = errorsPage(
    { 'not-found': { status: 404, retryable: false, meaning: 'Nothing is here.' } },
    { 'maintainx-timeout': { status: 504, retryable: true, meaning: 'No answer.' } },
  );
  expect(text).toMatch(/## Gateway\n\n[^#]*\| `not-found` \| 404 \| no \| Nothing is here\. \|\n/);
  expect(text).toMatch(/## MaintainX client\n\n[^#]*\| `maintainx-timeout` \| 504 \| yes \| No answer\. \|\n/);
});
