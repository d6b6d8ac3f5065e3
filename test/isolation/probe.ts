import { randomUUID } from 'node:crypto';
import { ROLES } from '../../src/access/index.ts';
import type { ApiRoute } from '../../src/api/route.ts';
import { seededRandom } from '../../src/base/random.ts';
import { FILE_PATH, type Person, type Plant, type World } from './world.ts';

/** A source of choices: the same seed makes the same ones. */
export interface Dice {
  /** A whole number from 0 to `sides` - 1. */
  readonly below: (sides: number) => number;
}

export function diceOf(seed: number): Dice {
  const random = seededRandom(seed);
  return { below: (sides) => Math.floor(random() * sides) };
}

interface Answer {
  readonly status: number;
  readonly code: string;
  readonly text: string;
}

interface Question {
  readonly route: ApiRoute;
  readonly path: string;
  readonly person: Person;
  readonly named: string | undefined;
  readonly body: unknown;
  /** Another tenant's thing that the path or body names. */
  readonly foreign: string | null;
}

export interface ProbeReport {
  readonly probes: number;
  /** By status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Another tenant's thing was named, and its answer was compared with that for a thing that nobody has. */
  readonly compared: number;
  /** What was wrong, in words. */
  readonly faults: readonly string[];
}

/** Asks the API at random, as everybody and for everything, and looks whether anything of anybody else's comes back. */
export async function probe(world: World, dice: Dice, count: number): Promise<ProbeReport> {
  const statuses: Record<string, number> = {};
  const faults: string[] = [];
  let compared = 0;
  for (let nth = 0; nth < count; nth++) {
    const question = draw(world, dice);
    const answer = await ask(world, question);
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    const about = `${question.route.method} ${question.path} as ${question.person.role ?? 'nobody'}`;
    for (const fault of faultsOf(world, question, answer)) faults.push(`${about}: ${fault}`);
    const { foreign } = question;
    if (foreign === null) continue;
    const unknown = /^\d+$/.test(foreign) ? '999999' : randomUUID();
    const other = await ask(world, replaced(question, foreign, unknown));
    compared++;
    const same = comparable(answer).replaceAll(foreign, '…') === comparable(other).replaceAll(unknown, '…');
    if (!same) faults.push(`${about}: another's ${answer.text} unlike nobody's ${other.text}`);
  }
  return { probes: count, statuses, compared, faults };
}

const pick = <One>(dice: Dice, from: readonly One[]): One => {
  const [one] = from.slice(dice.below(from.length)).map((each) => ({ each }));
  if (one === undefined) throw new Error('nothing to choose from');
  return one.each;
};

function draw(world: World, dice: Dice): Question {
  const person = pick(dice, world.people);
  const route = pick(dice, world.routes);
  const own = person.plant ?? pick(dice, world.plants);
  const others = world.plants.filter((plant) => plant !== own);
  const thing = dice.below(4);
  const foreignPlant = pick(dice, others);
  const subject = thing === 0 ? own : thing === 1 ? foreignPlant : null;
  const { path, used } = fillIn(route.path, subject, dice);
  const body = bodyFor(route, subject ?? own, dice);
  // Administrators have to name a tenant, others must not.
  const usual = person.role === 'admin' ? own.name : undefined;
  const named = dice.below(6) > 0 ? usual : pick(dice, [own.name, foreignPlant.name, 'nobody', undefined]);
  const usedBody = body !== undefined && subject !== null && JSON.stringify(body).includes(subject.deliveryId);
  const isForeign = subject === foreignPlant && route.reach === 'tenant' && named !== foreignPlant.name;
  return {
    route,
    path,
    person,
    named,
    body,
    foreign: isForeign ? (used ?? (usedBody ? subject.deliveryId : null)) : null,
  };
}

/** Path parameters: those of `subject`, or ones that nobody has, or rubbish. */
function fillIn(
  path: string,
  subject: Plant | null,
  dice: Dice,
): { readonly path: string; readonly used: string | null } {
  let used: string | null = null;
  const idOf = (name: string): string => {
    if (subject === null) return pick(dice, [randomUUID(), '999999', 'x', '0', '..%2f..', "'%20or%201=1", '%00']);
    const ids: Readonly<Record<string, string>> = {
      name: subject.name,
      recordId: subject.recordId,
      deliveryId: subject.deliveryId,
      tokenId: pick(dice, subject.tokenIds),
    };
    used = ids[name] ?? null;
    return used ?? '999999';
  };
  const filled = path.replaceAll(/:(\w+)/g, (_whole, name: string) =>
    name === 'kind' ? pick(dice, ['asset', 'asset', 'work-order', 'nothing']) : idOf(name),
  );
  const query = path.endsWith('/content') ? `?file=${encodeURIComponent(FILE_PATH)}` : '';
  return { path: `${filled}${query}`, used };
}

function bodyFor({ method, operationId }: ApiRoute, plant: Plant, dice: Dice): unknown {
  if (method === 'GET' || method === 'DELETE') return undefined;
  if (dice.below(5) === 0)
    return pick(dice, [{}, [], 'text', { tenantId: plant.tenantId }, { name: plant.name, x: 1 }]);
  const bodies: Readonly<Record<string, unknown>> = {
    addTenant: { name: 'another', apiKey: 'key' },
    addTenantsOfKey: { prefix: 'another', apiKey: 'key' },
    tryKey: { apiKey: 'key' },
    setTenantState: { state: pick(dice, ['active', 'paused']) },
    // Nobody is erased: the name is always another one.
    eraseTenant: { name: 'another' },
    createToken: { name: 'made', role: pick(dice, ['viewer', 'operator', 'owner', 'admin']) },
    createInstallationToken: { name: 'made', role: pick(dice, ['viewer', 'admin']) },
    changeSettings: { paused: dice.below(2) === 0 },
    setApiKey: { apiKey: 'key' },
    redactField: { field: 'name', reason: 'a probe' },
    planCoverage: pick(dice, [{ share: 0.2 }, { stalenessMs: 86_400_000 }, {}]),
    releaseDeletes: {},
    replayParked: { id: plant.deliveryId },
    discardParked: { id: plant.deliveryId, reason: 'a probe' },
  };
  return bodies[operationId];
}

const replaced = (question: Question, from: string, to: string): Question => ({
  ...question,
  path: question.path.replace(from, to),
  body: question.body === undefined ? undefined : JSON.parse(JSON.stringify(question.body).replaceAll(from, to)),
});

async function ask({ app }: World, { route, path, person, named, body }: Question): Promise<Answer> {
  const answer = await app.inject({
    method: route.method,
    url: `/api/v1${path}`,
    headers: {
      ...(person.token === undefined ? {} : { authorization: `Bearer ${person.token}` }),
      ...(named === undefined ? {} : { 'millwright-tenant': named }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
  return { status: answer.statusCode, code: codeIn(answer.body), text: answer.body };
}

const codeIn = (body: string): string => /"code":"([\w-]+)"/.exec(body)?.[1] ?? '';
const comparable = ({ status, text }: Answer): string =>
  `${status} ${text.replace(/"requestId":"[^"]*"/, '').replaceAll(/"\w+Id":"[0-9a-f-]{36}"/g, '')}`;

function faultsOf(world: World, question: Question, answer: Answer): readonly string[] {
  const { route, person, named } = question;
  const faults: string[] = [];
  if (answer.status >= 500) faults.push(`answered ${answer.status}: ${answer.text}`);
  if (answer.text.includes('secret-canary')) faults.push('told a secret');
  const admitted = mayAsk(route, person, named !== undefined);
  const refused = ['unauthenticated', 'forbidden', 'too-many-requests'].includes(answer.code);
  // A token may be refused for what it would give away, which the registry does not know.
  if (!admitted && !refused) faults.push(`was let in (${answer.status})`);
  if (admitted && refused && !route.operationId.startsWith('create')) faults.push(`was kept out (${answer.text})`);
  const whose = person.plant ?? (route.reach === 'tenant' ? world.plants.find(({ name }) => name === named) : 'all');
  if (whose === 'all') return faults;
  const asked = JSON.stringify([question.path, question.body ?? null]);
  for (const plant of world.plants.filter((one) => one !== whose))
    for (const sign of [plant.canary, plant.tenantId, plant.name, plant.deliveryId, ...plant.tokenIds])
      if (answer.text.includes(sign) && !asked.includes(sign)) faults.push(`showed ${sign} of another tenant`);
  return faults;
}

function mayAsk({ reach, scope }: ApiRoute, { role, plant }: Person, namesTenant: boolean): boolean {
  if (role === null) return false;
  const scopes: readonly string[] = ROLES[role];
  if (scope !== null && !scopes.includes(scope)) return false;
  if (reach === 'installation') return role === 'admin';
  return !(reach === 'tenant' && plant !== null && namesTenant);
}
