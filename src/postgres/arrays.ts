/** PostgreSQL's numbers for the types whose arrays go as bytes. Source: pg_type.dat. */
const TYPES = { bytea: 17, text: 25 } as const;
const HEADER_BYTES = 20;
const NULL = -1;

/**
 * An array parameter as PostgreSQL takes it in bytes: number of dimensions, whether there are nulls, type of the elements, how
 * many they are, number of the first; then each one's length and bytes. For long or odd texts: written out as text, an array's
 * elements are quoted here and unquoted there, letter by letter. Source: `array_recv` in PostgreSQL's arrayfuncs.c.
 */
export function bytesArray(type: keyof typeof TYPES, elements: readonly (string | Buffer | null)[]): Buffer {
  const lengths = elements.map((element) => (element === null ? NULL : Buffer.byteLength(element)));
  const bytes = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + 4 + Math.max(0, length), HEADER_BYTES));
  let at = 0;
  const hasNulls = elements.includes(null) ? 1 : 0;
  for (const number of [1, hasNulls, TYPES[type], elements.length, 1]) at = bytes.writeInt32BE(number, at);
  elements.forEach((element, index) => {
    at = bytes.writeInt32BE(lengths[index] ?? NULL, at);
    if (typeof element === 'string') at += bytes.write(element, at);
    else if (element !== null) at += element.copy(bytes, at);
  });
  return bytes;
}

/** An array parameter as PostgreSQL reads it where no element needs quotes: identifiers and numbers of ours, and `null`. */
export const plainArray = (elements: readonly (string | number)[]): string => `{${elements.join(',')}}`;
