import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { JsonObject } from '../../src/base/json.ts';

/** What is wrong, and where: `/assets/0/name must be string`. */
export interface Complaint {
  readonly path: string;
  readonly message: string;
}

const MOST_COMPLAINTS = 8;

/** Ajv over the document's schemas as they stand there, each compiled when it is first needed. */
export class Schemas {
  readonly #ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
  readonly #compiled = new WeakMap<JsonObject, ValidateFunction>();

  constructor() {
    formats.default(this.#ajv);
    this.#ajv.addFormat('integer', { type: 'number', validate: Number.isInteger });
    this.#ajv.addFormat('decimal', { type: 'number', validate: Number.isFinite });
  }

  complaints(schema: JsonObject, value: unknown): readonly Complaint[] {
    const validate = this.#validator(schema);
    if (validate(value)) return [];
    const all = (validate.errors ?? []).map(complaintOf);
    const different = [...new Map(all.map((one) => [`${one.path} ${one.message}`, one])).values()];
    return different.slice(0, MOST_COMPLAINTS);
  }

  #validator(schema: JsonObject): ValidateFunction {
    const known = this.#compiled.get(schema);
    if (known !== undefined) return known;
    const made = this.#ajv.compile(schema);
    this.#compiled.set(schema, made);
    return made;
  }
}

function complaintOf({ instancePath, message, params }: ErrorObject): Complaint {
  const allowed: unknown = params['allowedValues'];
  const values = Array.isArray(allowed) ? `: ${allowed.slice(0, 12).join(', ')}` : '';
  return { path: instancePath === '' ? '/' : instancePath, message: `${message ?? 'is wrong'}${values}` };
}
