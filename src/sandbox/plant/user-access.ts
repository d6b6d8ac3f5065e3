import type { JsonObject } from '../../base/json.ts';
import { announce, touch, type Act, type Plant } from './plant.ts';
import { idOf, textOf, type Row } from './row.ts';
import { FIRST_ID } from './tables.ts';

/** Who may invite people, remove them, and say what they may do. */
export const isManager = (plant: Plant, { userId }: Act): boolean =>
  ['ADMIN', 'SERVICE_ACCOUNT'].includes(textOf(plant.store.get('user', userId)?.['role']));

const isHis = (user: Row | undefined, email: string): user is Row =>
  user !== undefined && textOf(user['email']).toLowerCase() === email.toLowerCase();

/** The user with the address, except `row` himself. */
export const userWithEmail = (plant: Plant, email: string, row: Row | undefined): Row | undefined =>
  plant.store.all('user').find((user) => user !== row && isHis(user, email));

/** Somebody with the address who was removed from the organization. */
export function removedUser(plant: Plant, email: string): Row | undefined {
  if (email === '') return undefined;
  for (let id = plant.store.peekId('user') - 1; id >= FIRST_ID.user; id--) {
    const user = plant.store.get('user', id) === undefined ? plant.store.remember('user', id) : undefined;
    if (isHis(user, email)) return user;
  }
  return undefined;
}

/** He comes back under his old id. */
export function reactivateUser(plant: Plant, user: Row, fields: JsonObject, act: Act): Row {
  plant.store.add('user', Object.assign(user, fields, { removedFromOrganization: false }));
  touch(plant, user);
  announce(plant, act, { type: 'USER_ACTIVATED', body: { actorId: act.userId, targetUserId: idOf(user) } });
  return user;
}

/** A custom role carries permissions of its own. */
export function announcePermissions(plant: Plant, user: Row, act: Act): void {
  announce(plant, act, {
    type: 'USER_PERMISSIONS_CHANGED',
    body: { actorId: act.userId, targetUserId: idOf(user) },
  });
}
