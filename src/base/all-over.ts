/**
 * What all of them resolve with, once all are over, also when one fails: nothing goes on behind the caller's back. Rejects with the
 * reason of the first that failed, in the order given.
 */
export async function allOver<const Parts extends readonly unknown[]>(
  parts: Parts,
): Promise<{ -readonly [Index in keyof Parts]: Awaited<Parts[Index]> }> {
  await Promise.allSettled(parts);
  return Promise.all(parts);
}
