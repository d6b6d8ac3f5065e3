/**
 * Writes the OpenAPI document that the catalogue stands for, for machines where the vendor's is not at hand. A referee
 * who reads it can no longer say that the catalogue is right, but still that the sandbox keeps to it.
 *
 *     node test/referee/rebuilt-document.ts path/to/write.json
 */
import { writeFileSync } from 'node:fs';
import { documentOf, SPECIFICATION } from '../../src/maintainx/index.ts';
import { SERVERS } from './document-at-hand.ts';

const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error('usage: node test/referee/rebuilt-document.ts path/to/write.json');
  process.exit(2);
}
writeFileSync(path, JSON.stringify({ ...documentOf(SPECIFICATION), servers: SERVERS }));
