/**
 * A plant and its life as one number: `node bench/sandbox-digest.ts <size> <seed> <deeds>`.
 * Two processes must print the same. Links are signed anew on every read, so their query is left out.
 */
import { createHash } from 'node:crypto';
import { CORE_KINDS } from '../src/maintainx/catalogue/index.ts';
import { fullRecord } from '../src/sandbox/operations/view.ts';
import { changesOf } from '../src/sandbox/life/deeds.ts';
import { settingsFrom } from '../src/sandbox/options.ts';
import { worldOf } from '../src/sandbox/sandbox.ts';
import { PLANT_SIZES } from '../src/sandbox/seed/plant-size.ts';
import { fixedClock } from '../src/sandbox/testing.ts';

const [size, seed, deeds] = process.argv.slice(2);
const plantSize = PLANT_SIZES.find((one) => one === size) ?? 'small';
const clock = fixedClock();
const world = worldOf(settingsFrom({ plant: plantSize, seed: Number(seed), clock }));
const change = changesOf(world.plant, world.chronicle, Number(seed));
for (let made = 0; made < Number(deeds); made++) {
  clock.move(50);
  change();
}
const hash = createHash('sha256');
for (const kind of CORE_KINDS)
  for (const row of world.plant.store.ordered(kind, 'id').forwards())
    hash.update(`${JSON.stringify(fullRecord(world.plant, kind, row)).replaceAll(/\?X-Amz[^"]*/g, '')}\n`);
hash.update(JSON.stringify([...world.plant.comments]));
for (const sentence of world.chronicle.recent()) hash.update(sentence);
console.log(JSON.stringify({ digest: hash.digest('hex'), deeds: world.chronicle.count }));
