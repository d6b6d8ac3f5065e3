/**
 * The independent referee: every exchange of a walk over all operations of the sandbox, and of a gateway that follows a
 * sandbox in which people work, both directions, judged by the vendor's OpenAPI document and by nothing of ours.
 *
 *     node test/referee/main.ts --spec path/to/openapi.json            walk and life
 *     node test/referee/main.ts --prism                                both through Prism as well
 *     node test/referee/main.ts --only walk --findings findings.md     one part, everything found, no result kept
 *
 * The document is not ours to ship. It is taken from --spec, from MAINTAINX_SPECIFICATION, or from beside the project; without it
 * there is nothing to referee, and the exit status is 2. Otherwise it is 0 if and only if nothing was found.
 */
import { parseArgs } from 'node:util';
import { keepResult } from '../proof/result.ts';
import { readDocument, specificationFile, type ApiDocument } from './document.ts';
import { recordLife } from './end-to-end.ts';
import { writeFindings } from './findings.ts';
import { Judge } from './judge.ts';
import { recordLifeThroughPrism, recordPrism } from './prism-round.ts';
import { recordWalk, type Recorded } from './sandbox-round.ts';
import { Tally } from './tally.ts';

const { values } = parseArgs({
  options: {
    spec: { type: 'string' },
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '10' },
    prism: { type: 'boolean', default: false },
    only: { type: 'string' },
    findings: { type: 'string' },
  },
});
const seed = Number(values.seed);
const lifeOptions = { seed, seconds: Number(values.seconds), changesPerSecond: Number(values.rate) };

const file = specificationFile(values.spec);
if (file === undefined) {
  console.error('no specification file: name one with --spec or MAINTAINX_SPECIFICATION; MaintainX publishes it');
  process.exit(2);
}
await referee(readDocument(file));

async function referee(document: ApiDocument): Promise<void> {
  const tally = new Tally(new Judge(document));
  const walk = await part('walk', () => recordWalk(document, seed));
  const life = await part('life', () => recordLife(lifeOptions));
  for (const recorded of [walk, life]) tally.add(recorded);
  const prism = values.prism || values.only === 'prism' ? await recordPrism(document, seed) : undefined;
  const prismLife = values.prism ? await recordLifeThroughPrism(document, lifeOptions) : undefined;
  const figures = tally.figures();
  const unmet = [...walk.unmet, ...life.unmet];
  if (values.findings !== undefined) writeFindings(values.findings, figures, unmet, prism);
  const holds =
    figures.violations.length + unmet.length + (prism?.violations.length ?? 0) + (prismLife?.violations.length ?? 0) ===
      0 &&
    figures.operationsCovered === figures.operations &&
    (prism === undefined ||
      (prism.operationsCovered === figures.operations && prism.bareTexts.sent === prism.bareTexts.refused));
  const told = {
    seed,
    exchangesOfTheWalk: walk.exchanges.length,
    exchangesOfLife: life.exchanges.length,
    ...figures,
    answeredOtherwiseThanExpected: unmet.length,
    firstAnsweredOtherwise: unmet.slice(0, 10),
    ...(prism === undefined ? {} : { prism }),
    ...(prismLife === undefined ? {} : { prismLife }),
  };
  if (values.only === undefined) keepResult('referee', holds, told);
  else console.log(JSON.stringify(told, null, 2));
  process.exitCode = holds ? 0 : 1;
}

/** What a part recorded, or nothing when another one is asked for. */
function part(name: string, record: () => Promise<Recorded>): Promise<Recorded> {
  const isWanted = values.only === undefined || values.only === name;
  return isWanted ? record() : Promise.resolve({ exchanges: [], deliveries: [], unmet: [] });
}
