import { revokeAllTokens } from '../access/index.ts';
import { isoTime } from '../base/clock.ts';
import { raise } from '../errors.ts';
import { beginErasure, lockTenant, setTenantState, type Tenant } from '../tenants/index.ts';
import { destroyDataKeys } from '../vault/index.ts';
import type { Change } from './office.ts';

/** A tenant as the API and the audit have it. */
export const tenantAsJson = ({ tenantId, name, state, stateReason, createdAt }: Tenant) => ({
  tenantId,
  name,
  state,
  stateReason,
  createdAt: isoTime(createdAt),
});

type TenantJson = ReturnType<typeof tenantAsJson>;

/** Pauses the tenant or lets it go on. Refused with `tenant-erasing` once it is being erased. */
export const changeState =
  (state: 'active' | 'paused', reason: string | null): Change<TenantJson> =>
  async ({ whole }) => {
    const before = await lockTenant(whole);
    if (before.state === 'erasing') throw raise('tenant-erasing', `the tenant "${before.name}" is being erased`);
    await setTenantState(whole, state, state === 'paused' ? reason : null);
    const answer = tenantAsJson(await lockTenant(whole));
    return { target: before.name, before: tenantAsJson(before), after: answer, answer };
  };

/**
 * Begins to erase the tenant: its secrets are dead and its tokens end with the commit; its rows go afterwards, see
 * `eraseFurther`. `name` has to be said again, so that nobody erases by a slip.
 */
export const erase =
  (name: string): Change<TenantJson> =>
  async ({ whole, now }) => {
    const before = await lockTenant(whole);
    if (before.name !== name) throw raise('request-invalid', `to erase it, say its name: "${before.name}"`);
    await beginErasure(whole, now);
    await destroyDataKeys(whole);
    await revokeAllTokens(whole, whole.tenantId, now);
    const answer = tenantAsJson(await lockTenant(whole));
    return { target: name, before: tenantAsJson(before), after: answer, answer };
  };
