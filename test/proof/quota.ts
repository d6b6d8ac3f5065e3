import { textIn, numberIn, objectIn, objectsIn } from './shapes.ts';
import { linesOf, runCommand } from './gateway.ts';
import { pause, startPlant, type Plant } from './plant.ts';
import { keepResult } from './result.ts';
import { startSecondConsumer } from './second-consumer.ts';

/** Windows that pass in each scenario, after the first. */
const WINDOWS = 20;
const LEAST_USED = 0.95;
const MOST_OVER_PLAN = 1.02;

interface Scenario {
  readonly plant: 'medium' | 'large';
  readonly name: string;
  /** Of the sandbox, in a window. */
  readonly limit: number;
  readonly windowMs: number;
  readonly sandbox: readonly string[];
  /** Requests a window of another consumer with the same user. */
  readonly others: number;
  /** Percent that we are told to use. */
  readonly share: number;
}

/** A hundred a minute, five hundred for the organisation: the windows are ten times shorter, the ratio is kept. */
const SHORT = { limit: 10, windowMs: 6_000, others: 0, share: 100 } as const;

const scenariosOf = (plant: Scenario['plant']): readonly Scenario[] => [
  { plant, name: 'fixed', ...SHORT, sandbox: [] },
  { plant, name: 'sliding', ...SHORT, sandbox: ['--windows', 'sliding'] },
  { plant, name: 'shifted', ...SHORT, sandbox: ['--window-phase-ms', '3700'] },
  {
    plant,
    name: 'second consumer, share 60 %',
    ...SHORT,
    share: 60,
    others: 4,
    sandbox: ['--window-phase-ms', '1900'],
  },
  // A window of ten is too small for one place to spare: this one has a hundred.
  { plant, name: 'second consumer, not declared', limit: 100, windowMs: 6_000, share: 100, others: 40, sandbox: [] },
];

/**
 * A gateway that backfills uses at least 95 % of what it may, is never refused by its own fault, and makes no more requests
 * than it said before.
 */
export async function proveQuota(): Promise<void> {
  const rows: Measured[] = [];
  for (const plant of ['medium', 'large'] as const)
    rows.push(...(await Promise.all(scenariosOf(plant).map((one) => measure(one)))));
  const costs = [await measureCost('medium', []), await measureCost('large', ['--details', 'none'])];
  console.table(rows);
  console.table(costs);
  const isGood = ({ used, allowed, refused, declared }: Measured): boolean =>
    used / allowed >= LEAST_USED && (!declared || refused === 0);
  const holds = rows.every(isGood) && costs.every(({ requests, planned }) => requests <= planned * MOST_OVER_PLAN);
  keepResult('quota', holds, { windows: WINDOWS, scenarios: rows, costs });
}

interface Measured {
  readonly plant: string;
  readonly scenario: string;
  readonly limit: number;
  readonly windowMs: number;
  /** What the gateway might send: its share, or what the other one left. */
  readonly allowed: number;
  readonly used: number;
  readonly percent: number;
  /** 429 that the gateway got. */
  readonly refused: number;
  readonly otherUsed: number;
  readonly declared: boolean;
}

async function measure(scenario: Scenario): Promise<Measured> {
  const { limit, windowMs, share, others } = scenario;
  const perMinute = (limit * 60_000) / windowMs;
  const plant = await startPlant({
    seed: 1,
    requestsPerMinute: limit,
    webhooks: false,
    sandbox: [
      `--plant=${scenario.plant}`,
      `--window-ms=${windowMs}`,
      '--request-log=100000',
      `--organisation-requests-per-minute=${5 * limit}`,
      ...scenario.sandbox,
    ],
    env: {
      MILLWRIGHT_REQUESTS_PER_MINUTE: String(perMinute),
      MILLWRIGHT_ORGANISATION_REQUESTS_PER_MINUTE: String(5 * perMinute),
      MILLWRIGHT_QUOTA_WINDOW_MS: String(windowMs),
      MILLWRIGHT_QUOTA_SHARE: String(share),
      LOG_LEVEL: 'fatal',
    },
  });
  const other = startSecondConsumer(plant, others, windowMs);
  try {
    await pause((WINDOWS + 1.5) * windowMs);
    return measured(scenario, await requestsOf(plant));
  } finally {
    await other.stop();
    await plant.stop();
  }
}

interface Logged {
  readonly time: number;
  readonly status: number | null;
  readonly isOther: boolean;
}

async function requestsOf({ controlUrl }: Plant): Promise<readonly Logged[]> {
  const listed: unknown = await (await fetch(`${controlUrl}/requests`)).json();
  return objectsIn(Array.isArray(listed) ? listed : []).map((one) => ({
    time: Date.parse(textIn(one, 'time')),
    status: typeof one['status'] === 'number' ? one['status'] : null,
    isOther: one['userAgent'] === 'second consumer',
  }));
}

/** From the second window of hunger on, so that the start of the process is not counted, for twenty windows. */
function measured(scenario: Scenario, requests: readonly Logged[]): Measured {
  const { limit, windowMs, share, others } = scenario;
  const ours = requests.filter((one) => !one.isOther);
  const from = (ours[0]?.time ?? 0) + windowMs;
  const isIn = ({ time }: Logged): boolean => time >= from && time < from + WINDOWS * windowMs;
  const good = ours.filter((one) => isIn(one) && one.status !== 429).length;
  const otherUsed = requests.filter((one) => one.isOther && isIn(one) && one.status !== 429).length;
  const declared = share < 100 || others === 0;
  const allowed = declared ? (limit * WINDOWS * share) / 100 : limit * WINDOWS - otherUsed;
  return {
    plant: scenario.plant,
    scenario: scenario.name,
    limit,
    windowMs,
    allowed,
    used: good,
    percent: Math.round((1000 * good) / allowed) / 10,
    refused: ours.filter((one) => one.status === 429).length,
    otherUsed,
    declared,
  };
}

interface Cost {
  readonly plant: string;
  readonly options: string;
  readonly planned: number;
  readonly requests: number;
  readonly overPlan: number;
}

/** What a backfill said that it would cost, and what it cost in the end; without a limit, so that the end comes soon. */
async function measureCost(size: Scenario['plant'], options: readonly string[]): Promise<Cost> {
  const plant = await startPlant({
    seed: 1,
    requestsPerMinute: 0,
    webhooks: false,
    serves: false,
    sandbox: ['--plant', size, '--request-log', '1000000'],
    env: { LOG_LEVEL: 'fatal' },
  });
  try {
    const before = (await requestsOf(plant)).length;
    const said = linesOf(await runCommand(['sync', 'backfill', '--plan', '--json', ...options], plant.env)).map(
      objectIn,
    );
    const planned = said.flatMap((line) =>
      line['plan'] === undefined ? [] : [numberIn(objectIn(line['plan']), 'requests')],
    );
    await runCommand(['sync', 'backfill', '--json'], plant.env);
    const requests = (await requestsOf(plant)).length - before;
    const plan = planned[0] ?? 0;
    return {
      plant: size,
      options: options.join(' '),
      planned: plan,
      requests,
      overPlan: Math.round((10_000 * requests) / plan) / 10_000,
    };
  } finally {
    await plant.stop();
  }
}
