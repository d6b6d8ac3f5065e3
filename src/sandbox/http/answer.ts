import type { Json, JsonObject } from '../../base/json.ts';
import { resolved, SPECIFICATION } from '../../maintainx/catalogue/index.ts';
import type { OperationName } from './operation.ts';

/** What goes back over HTTP: JSON, plain text, the bytes of a file, lines without end, or nothing. */
export interface Answer {
  readonly status: number;
  readonly json?: Json;
  readonly text?: string;
  readonly bytes?: Uint8Array;
  /** Made while they are sent: a large plant has more of them than memory should hold. */
  readonly lines?: Iterable<string>;
  /** Of the text or the bytes; plain text when absent. */
  readonly contentType?: string;
}

export interface FieldError {
  readonly error: string;
  readonly fieldPath?: string;
  readonly fieldValue?: Json;
}

/** How MaintainX wraps what is wrong: `{errors: […]}`, `{error}`, or a bare JSON string (FACTS 2.4). */
type Envelope = 'errors' | 'error' | 'text';

/** Ends a request early. Which envelope its words go into depends on the operation and the status. */
export class Refused extends Error {
  readonly status: number;
  readonly errors: readonly FieldError[];
  /** Set where integrators saw another envelope than the specification gives. */
  readonly observed: Envelope | undefined;

  constructor(status: number, errors: readonly FieldError[], observed?: Envelope) {
    super(`refused with ${status}`);
    this.status = status;
    this.errors = errors;
    this.observed = observed;
  }
}

/** `fieldValue` is told only where it is a primitive, as the specification says. */
export function fieldError(error: string, fieldPath: string, fieldValue: Json | undefined): FieldError {
  const isPrimitive = ['string', 'number', 'boolean'].includes(typeof fieldValue);
  return isPrimitive && fieldValue !== undefined ? { error, fieldPath, fieldValue } : { error, fieldPath };
}

export const badFields = (errors: readonly FieldError[], observed?: Envelope): Refused =>
  new Refused(400, errors, observed);

export const refused = (status: number, error: string): Refused => new Refused(status, [{ error }]);

/** What Express says of a path that it does not know. */
export const noRoute = (method: string, path: string): Answer => ({ status: 404, text: `Cannot ${method} ${path}` });

/** The answer that a refusal becomes at this operation; without one, the usual envelope of the status. */
export function refusalAnswer({ status, errors, observed }: Refused, operation?: OperationName): Answer {
  const [first = { error: 'Bad request' }] = errors;
  switch (observed ?? envelopeOf(status, operation)) {
    case 'errors':
      return { status, json: { errors: errors.map((error) => ({ ...error })) } };
    case 'text':
      return { status, json: sentence(first) };
    case 'error':
      return { status, json: { error: sentence(first) } };
  }
}

/** Where only a sentence has room, it names the field too. */
const sentence = ({ error, fieldPath }: FieldError): string =>
  fieldPath === undefined || error.startsWith("'") ? error : `'${fieldPath}' ${error}`;

function envelopeOf(status: number, operation: OperationName | undefined): Envelope {
  const answers: Readonly<Record<string, JsonObject | object | null>> =
    operation === undefined ? {} : SPECIFICATION.operations[operation].answers;
  const declared = answers[String(status)];
  if (declared === undefined || declared === null) return status === 400 || status === 403 ? 'errors' : 'error';
  const shape = resolved(declared);
  if (shape.type === 'string') return 'text';
  return shape.properties?.['errors'] === undefined ? 'error' : 'errors';
}
