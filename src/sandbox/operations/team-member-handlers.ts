import { objectOf, type Json } from '../../base/json.ts';
import { badFields, fieldError, refused, type Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import type { Plant } from '../plant/plant.ts';
import { idOf, numberOf, type Row } from '../plant/row.ts';
import { membersOf, removeMember, setMember, shownMember, type TeamRole } from '../plant/team-member.ts';
import type { World } from '../world.ts';
import { idIn, type Handlers } from './handler.ts';
import { pageOf } from './page.ts';
import { rowIn } from './shown-page.ts';

const NOT_FOUND = 'team member Not Found';

function listMembers({ plant }: World, request: ApiRequest): Answer {
  const team = rowIn(plant, 'team', request);
  const members = membersOf(plant, team).map((user) => shownMember(team, user));
  return pageOf('members', members, request);
}

function addMember({ plant }: World, request: ApiRequest): Answer {
  const team = rowIn(plant, 'team', request, NOT_FOUND);
  const { id, teamRole } = objectOf(request.body);
  const userId = numberOf(id);
  if (plant.store.get('user', userId) === undefined)
    throw badFields([fieldError('ID is invalid or user is not part of the organization', 'id', userId)]);
  setMember(plant, team, userId, roleOf(teamRole) ?? 'MEMBER');
  return { status: 201, json: { id: userId } };
}

const roleOf = (word: Json | undefined): TeamRole | undefined =>
  word === 'ADMIN' || word === 'MEMBER' ? word : undefined;

function memberIn(plant: Plant, request: ApiRequest): { readonly team: Row; readonly user: Row } {
  const team = rowIn(plant, 'team', request, NOT_FOUND, 'teamId');
  const user = membersOf(plant, team).find((member) => idOf(member) === idIn(request, 'userId'));
  if (user === undefined) throw refused(404, NOT_FOUND);
  return { team, user };
}

function updateMember({ plant }: World, request: ApiRequest): Answer {
  const { team, user } = memberIn(plant, request);
  setMember(plant, team, idOf(user), roleOf(objectOf(request.body)['teamRole']));
  return { status: 200, json: { member: shownMember(team, user) } };
}

function deleteMember({ plant }: World, request: ApiRequest): Answer {
  const { team, user } = memberIn(plant, request);
  removeMember(plant, team, idOf(user));
  return { status: 204 };
}

export const teamMemberHandlers = {
  listTeamMembers: listMembers,
  createTeamMember: addMember,
  updateTeamMember: updateMember,
  deleteTeamMember: deleteMember,
} satisfies Partial<Handlers>;
