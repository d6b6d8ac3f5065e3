import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FACTS, NOT_REPRODUCED } from './facts.ts';

const here = new URL('.', import.meta.url);

function provenFacts(): string[] {
  return readdirSync(here)
    .filter((file) => file.endsWith('.test.ts') && file !== 'coverage.test.ts')
    .flatMap((file) => [...readFileSync(new URL(file, here), 'utf8').matchAll(/\bfact\('([^']+)'/g)])
    .map((match) => match[1] ?? '');
}

test('every fact is proven by exactly one test, or listed with the reason why not', () => {
  expect(provenFacts().toSorted()).toEqual(Object.keys(FACTS).toSorted());
  console.log(`${Object.keys(FACTS).length} facts of MaintainX's behaviour have a test against the sandbox.`);
  console.log(`${Object.keys(NOT_REPRODUCED).length} are not reproduced:`);
  for (const [fact, reason] of Object.entries(NOT_REPRODUCED)) console.log(`  ${fact}: ${reason}`);
});
