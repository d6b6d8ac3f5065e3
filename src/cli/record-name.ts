import { raise } from '../errors.ts';
import { isKind, type Kind } from '../maintainx/index.ts';

export interface RecordName {
  readonly kind: Kind;
  readonly recordId: string;
}

/** `<kind>/<id>`, as people write a record. */
export function recordNameFrom(text: string): RecordName {
  const [kind = '', recordId = '', ...rest] = text.split('/');
  if (!isKind(kind) || !/^\d+$/.test(recordId) || rest.length > 0)
    throw raise('usage', `"${text}" is no record; write it like work-order/1234`);
  return { kind, recordId };
}
