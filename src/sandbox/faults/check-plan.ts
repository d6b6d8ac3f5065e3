import { isObject, parseJson, type Json, type JsonObject } from '../../base/json.ts';
import { complaintsAbout, type Complaint } from '../../maintainx/specification/index.ts';
import { listOf } from '../plant/row.ts';
import type { CheckedPlan, FaultName, FaultPlan, FaultRule } from './plan.ts';
import { RULE_SHAPES } from './shapes.ts';

/** The plan, or what is wrong with it by field. */
export function planFrom(written: Json | undefined): CheckedPlan | { readonly complaints: readonly Complaint[] } {
  if (!isObject(written)) return { complaints: [{ path: '', error: 'must be object' }] };
  const { seed = 1, ...faults } = written;
  const entries = Object.entries(faults).flatMap(([name, settings]) => entriesOf(name, settings));
  const complaints = [...seedComplaints(seed), ...entries.flatMap(complaintsOf)];
  if (complaints.length > 0 || typeof seed !== 'number') return { complaints };
  const rules = entries.flatMap(({ rule, index }) => (isRule(rule) ? [{ rule, index }] : []));
  return { written, seed, rules };
}

/** The plan that somebody's program wrote; throws when it is none. */
export function checkedPlan(written: FaultPlan): CheckedPlan {
  const parsed = parseJson(JSON.stringify(written));
  const checked = planFrom('value' in parsed ? parsed.value : undefined);
  if ('rules' in checked) return checked;
  throw new TypeError(inWords(checked));
}

const inWords = (checked: ReturnType<typeof planFrom>): string =>
  'complaints' in checked ? checked.complaints.map(({ path, error }) => `faults: '${path}' ${error}`).join('; ') : '';

/** The plan in a text, e.g. of the command line; throws when it is none. */
export function faultPlanFrom(text: string): FaultPlan {
  const parsed = parseJson(text);
  if (!('value' in parsed)) throw new TypeError('faults: not JSON');
  const { value } = parsed;
  if (isPlan(value)) return value;
  throw new TypeError(inWords(planFrom(value)));
}

const isPlan = (value: Json): value is FaultPlan & JsonObject => 'rules' in planFrom(value);

export const NO_FAULTS: CheckedPlan = { written: {}, seed: 1, rules: [] };

interface Entry {
  readonly path: string;
  readonly name: string;
  readonly index: number;
  readonly rule: Json;
}

function entriesOf(name: string, settings: Json): readonly Entry[] {
  const entry = (one: Json, index: number, path: string): Entry => ({
    path,
    name,
    index,
    rule: isObject(one) ? { ...one, fault: name } : one,
  });
  if (!Array.isArray(settings)) return [entry(settings, 0, name)];
  return listOf(settings).map((one, index) => entry(one, index, `${name}.${index}`));
}

function seedComplaints(seed: Json): readonly Complaint[] {
  return complaintsAbout({ type: 'integer', minimum: 0 }, seed, { shapes: {} }).map((one) => ({
    ...one,
    path: 'seed',
  }));
}

function complaintsOf({ path, name, rule }: Entry): readonly Complaint[] {
  if (!isFaultName(name))
    return [{ path: name, error: `is no fault; there are ${Object.keys(RULE_SHAPES).join(', ')}` }];
  return complaintsAbout(RULE_SHAPES[name], rule, { shapes: {} }).map((one) => ({
    ...one,
    path: one.path === '' ? path : `${path}.${one.path}`,
  }));
}

const isFaultName = (name: Json | undefined): name is FaultName =>
  typeof name === 'string' && Object.hasOwn(RULE_SHAPES, name);

function isRule(rule: Json): rule is FaultRule & JsonObject {
  const name = isObject(rule) ? rule['fault'] : undefined;
  return isFaultName(name) && complaintsAbout(RULE_SHAPES[name], rule, { shapes: {} }).length === 0;
}
