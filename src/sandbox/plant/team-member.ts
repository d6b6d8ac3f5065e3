import { objectOf } from '../../base/json.ts';
import { touch, type Plant } from './plant.ts';
import { idOf, numbersOf, pick, textOf, type Row } from './row.ts';

export type TeamRole = 'ADMIN' | 'MEMBER';

/** Who of the team is still in the organization. */
export const membersOf = (plant: Plant, team: Row): readonly Row[] =>
  numbersOf(team['memberIds'])
    .map((id) => plant.store.get('user', id))
    .filter((user) => user !== undefined);

/** A member as his team shows him. */
export function shownMember(team: Row, user: Row): Row {
  const role = textOf(objectOf(team['memberRoles'])[String(idOf(user))]);
  return { ...pick(user, ['id', 'firstName', 'lastName']), teamRole: role === '' ? 'MEMBER' : role };
}

/** Takes the user into the team, or gives him another role there. */
export function setMember(plant: Plant, team: Row, userId: number, role: TeamRole | undefined): void {
  const memberIds = numbersOf(team['memberIds']);
  team['memberIds'] = memberIds.includes(userId) ? memberIds : [...memberIds, userId];
  if (role !== undefined) team['memberRoles'] = { ...objectOf(team['memberRoles']), [String(userId)]: role };
  touch(plant, team);
}

export function removeMember(plant: Plant, team: Row, userId: number): void {
  team['memberIds'] = numbersOf(team['memberIds']).filter((id) => id !== userId);
  const roles = Object.entries(objectOf(team['memberRoles']));
  team['memberRoles'] = Object.fromEntries(roles.filter(([id]) => id !== String(userId)));
  touch(plant, team);
}
