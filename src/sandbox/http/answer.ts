import type { Json } from '../../base/json.ts';

/** What goes back over HTTP: JSON, plain text, or nothing. */
export interface Answer {
  readonly status: number;
  readonly json?: Json;
  readonly text?: string;
  /** Of the text; plain text when absent. */
  readonly contentType?: string;
}

/** Ends a request early with this answer. */
export class Refused extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`refused with ${answer.status}`);
    this.answer = answer;
  }
}

export interface FieldError {
  readonly error: string;
  readonly fieldPath?: string;
  readonly fieldValue?: Json;
}

/** `fieldValue` is told only where it is a primitive, as the specification says. */
export function fieldError(error: string, fieldPath: string, fieldValue: Json | undefined): FieldError {
  const isPrimitive = ['string', 'number', 'boolean'].includes(typeof fieldValue);
  return isPrimitive && fieldValue !== undefined ? { error, fieldPath, fieldValue } : { error, fieldPath };
}

export function badFields(errors: readonly FieldError[]): Refused {
  return new Refused({ status: 400, json: { errors: errors.map((error) => ({ ...error })) } });
}

/** The other envelope of errors: one sentence. */
export const refused = (status: number, error: string): Refused => new Refused({ status, json: { error } });

/** What Express says of a path that it does not know. */
export const noRoute = (method: string, path: string): Answer => ({ status: 404, text: `Cannot ${method} ${path}` });
