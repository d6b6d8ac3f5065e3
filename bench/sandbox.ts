/**
 * How the large plant of the sandbox behaves: `node bench/sandbox.ts`, two minutes.
 * The sandbox runs in a process of its own; pages are read over HTTP on one connection, without rate limits.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { kindEntry } from '../src/maintainx/catalogue/index.ts';
import { startCommand, stop, type Running } from '../test/proof/gateway.ts';
import { pause } from '../test/proof/plant.ts';
import { keepResult } from '../test/proof/result.ts';
import { numberIn, objectIn, textIn } from '../test/proof/shapes.ts';
import { repeated, walked, type Latency } from './latency.ts';
import { cpuSecondsOf, megabytesOf } from './process-cost.ts';

const MOST_MS_TO_READY = 60_000;
const MOST_MS_A_PAGE = 5;
const MOST_MEGABYTES = 1024;
const DEEDS = 2000;
const ARGUMENTS = '--plant large --port 0 --rate 0 --requests-per-minute 0 --organisation-requests-per-minute 0';

const EXPAND = kindEntry('work-order')
  .list.expand.map((token) => `&expand=${token}`)
  .join('');
const PAGE = '/v1/workorders?limit=200';

interface Target {
  readonly origin: string;
  readonly apiKey: string;
}

const often = ({ origin, apiKey }: Target, path: string): Promise<Latency> => repeated(`${origin}${path}`, apiKey, 200);
const deep = ({ origin, apiKey }: Target, path: string, pages = 200): Promise<Latency> =>
  walked(origin, path, apiKey, pages);

async function pagesOf(target: Target): Promise<Readonly<Record<string, Latency>>> {
  // From the middle of the history on, so that cursors lie deep.
  const since = encodeURIComponent(new Date(Date.now() - 500 * 86_400_000).toISOString());
  return {
    warmUp: await often(target, PAGE),
    first: await often(target, PAGE),
    firstByChange: await often(target, `${PAGE}&sort=-updatedAt`),
    firstWithExpands: await often(target, `${PAGE}${EXPAND}`),
    walk: await deep(target, `${PAGE}&show_upcoming=true`, 1000),
    walkByChange: await deep(target, `${PAGE}&sort=updatedAt&updatedAt%5Bgte%5D=${since}`),
    walkWithExpands: await deep(target, `${PAGE}&show_upcoming=true${EXPAND}`),
    open: await often(target, `${PAGE}&statuses=OPEN`),
    inProgressOldestFirst: await often(target, `${PAGE}&statuses=IN_PROGRESS&sort=createdAt`),
    doneWithRareTitle: await often(target, `${PAGE}&statuses=DONE&title=%E4%BE%9B%E7%B5%A6`),
    titleThatNoneHas: await often(target, `${PAGE}&title=zeppelin`),
    assetsFromTheMiddle: await often(target, '/v1/assets?limit=200&cursor=5000&expand=extra_fields'),
    categories: await often(target, '/v1/categories?limit=200'),
  };
}

async function pagesUnderLife(target: Target): Promise<Readonly<Record<string, Latency>>> {
  await setRate(target, 20);
  await pause(1000);
  const pages = {
    first: await often(target, PAGE),
    firstByChange: await often(target, `${PAGE}&sort=-updatedAt`),
    firstWithExpands: await often(target, `${PAGE}${EXPAND}`),
    walk: await deep(target, `${PAGE}&show_upcoming=true`, 300),
  };
  await setRate(target, 0);
  return pages;
}

async function setRate({ origin }: Target, changesPerSecond: number): Promise<void> {
  const response = await fetch(`${origin}/_sandbox/rate`, {
    method: 'POST',
    body: JSON.stringify({ changesPerSecond }),
  });
  if (!response.ok) throw new Error(`the rate was refused: ${await response.text()}`);
}

async function changesOf({ origin }: Target): Promise<number> {
  const response = await fetch(`${origin}/_sandbox/stats`);
  return numberIn(objectIn(await response.json()), 'changes');
}

interface LifeCost {
  readonly changesPerSecond: number;
  readonly shareOfCore: number;
}

/** What a hundred changes a second take of one core. */
async function costOfLife(target: Target, pid: number): Promise<LifeCost> {
  const seconds = 20;
  const [changes, cpu] = [await changesOf(target), cpuSecondsOf(pid)];
  await setRate(target, 100);
  await pause(seconds * 1000);
  const used = cpuSecondsOf(pid) - cpu;
  const made = (await changesOf(target)) - changes;
  await setRate(target, 0);
  return { changesPerSecond: made / seconds, shareOfCore: Math.round((used / seconds) * 1000) / 1000 };
}

function digest(): string {
  const script = fileURLToPath(new URL('sandbox-digest.ts', import.meta.url));
  const said = execFileSync(process.execPath, [script, 'large', '1', String(DEEDS)], { encoding: 'utf8' });
  return textIn(objectIn(JSON.parse(said)), 'digest');
}

interface Figures {
  readonly megabytesAtStart: number;
  readonly megabytesAfterPages: number;
  readonly megabytesAtEnd: number;
  readonly lifeAt100: LifeCost;
  readonly pages: Readonly<Record<string, Latency>>;
  readonly underLife: Readonly<Record<string, Latency>>;
}

async function measured(running: Running, pid: number): Promise<Figures> {
  const said = objectIn(running.said);
  const target: Target = { origin: new URL(textIn(said, 'url')).origin, apiKey: textIn(said, 'apiKey') };
  const megabytesAtStart = megabytesOf(pid);
  const pages = await pagesOf(target);
  const megabytesAfterPages = megabytesOf(pid);
  const underLife = await pagesUnderLife(target);
  const lifeAt100 = await costOfLife(target, pid);
  return {
    megabytesAtStart,
    megabytesAfterPages,
    megabytesAtEnd: megabytesOf(pid),
    lifeAt100,
    pages,
    underLife,
  };
}

async function figuresOf(running: Running): Promise<Figures> {
  try {
    return await measured(running, running.process.pid ?? 0);
  } finally {
    await stop(running, 'SIGTERM');
  }
}

const began = performance.now();
const running = await startCommand(['sandbox', ...ARGUMENTS.split(' ')], {});
const msToReady = Math.round(performance.now() - began);
const figures = await figuresOf(running);
const digests = [digest(), digest()];
const holds =
  msToReady < MOST_MS_TO_READY &&
  Number(figures.pages['first']?.p50) < MOST_MS_A_PAGE &&
  Math.max(figures.megabytesAtStart, figures.megabytesAfterPages, figures.megabytesAtEnd) < MOST_MEGABYTES &&
  digests[0] === digests[1];
keepResult('sandbox', holds, { msToReady, ...figures, deeds: DEEDS, sameInTwoProcesses: digests[0] === digests[1] });
