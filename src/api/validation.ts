import { Ajv, type ErrorObject } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { raise } from '../errors.ts';

/** Formats that our shapes use; what else stands for one is not worth a package. */
const FORMATS = {
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/,
} as const;

const OPTIONS = { removeAdditional: false, useDefaults: true, allErrors: false, formats: FORMATS } as const;
/** Paths and queries are text, of which numbers are made; a body has types of its own. */
const ofText = new Ajv({ ...OPTIONS, coerceTypes: true });
const ofBody = new Ajv({ ...OPTIONS, coerceTypes: false });

/** Makes the check of one part of a request; what fails it is `request-invalid` and says where and why. */
export const compileCheck: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = (httpPart === 'body' ? ofBody : ofText).compile(schema);
  return (given: unknown) => {
    if (check(given)) return hasNul(given) ? { error: NUL(httpPart ?? 'request') } : { value: given };
    return { error: raise('request-invalid', complaint(httpPart ?? 'request', check.errors?.[0])) };
  };
};

const NUL = (part: string): Error => raise('request-invalid', `${part} has a NUL character, which no text may have`);

/** PostgreSQL stores no NUL. Looked for in what the shapes let pass, which is small. */
function hasNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0');
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, one]) => key.includes('\0') || hasNul(one));
}

function complaint(part: string, error: ErrorObject | undefined): string {
  const where = `${part}${error?.instancePath ?? ''}`;
  const params: Readonly<Record<string, unknown>> = error?.params ?? {};
  const extra = params['additionalProperty'];
  if (typeof extra === 'string') return `${where} has no field "${extra}"`;
  return `${where} ${error?.message ?? 'is not valid'}`;
}
