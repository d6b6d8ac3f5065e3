import type { TenantTransaction } from '../postgres/index.ts';

/** Deletes the bodies of webhooks whose facts have these keys, but for those that wait or are parked. Answers how many went. */
export async function forgetBodies(
  tx: TenantTransaction,
  organizationId: string,
  factKeys: readonly Buffer[],
): Promise<number> {
  const [row] = await tx.query<{ went: number }>('select forget_bodies($1, $2::bytea[]) as went', [
    organizationId,
    factKeys,
  ]);
  return row?.went ?? 0;
}
