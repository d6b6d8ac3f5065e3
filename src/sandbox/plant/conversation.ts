import { insert, touch, type Act, type Plant } from './plant.ts';
import { idOf, numberOf, numbersOf, textOf, type Row } from './row.ts';
import { announceSlashCommand } from './slash-command.ts';
import { membersOf } from './team-member.ts';

/** Conversations: of teams, of groups, and between two. */

const teamOf = (plant: Plant, conversation: Row): Row | undefined =>
  plant.store.get('team', numberOf(conversation['teamId']));

/** Who takes part and is still there. The members of a team are those of its conversation. */
export function participants(plant: Plant, conversation: Row): readonly Row[] {
  const team = teamOf(plant, conversation);
  return membersOf(plant, team ?? conversation);
}

/** A team's conversation is named after the team, one between two has no name. */
export function nameOfConversation(plant: Plant, conversation: Row): string {
  return textOf(teamOf(plant, conversation)?.['name'] ?? conversation['name']);
}

/** What two say to each other is nobody else's. */
export const isOpenTo = (conversation: Row, userId: number): boolean =>
  conversation['type'] !== 'DM' || numbersOf(conversation['memberIds']).includes(userId);

const newConversation = (plant: Plant, fields: Row, act: Act): Row =>
  insert(plant, 'conversation', { name: null, memberIds: [], ...fields }, act.userId);

/** Every team has its conversation. */
export function openTeamConversation(plant: Plant, team: Row, act: Act): void {
  newConversation(plant, { type: 'TEAM', teamId: idOf(team) }, act);
}

export function closeTeamConversation(plant: Plant, team: Row): void {
  // A copy: who is deleted leaves the group.
  const its = [...plant.store.where('conversation', 'teamId', idOf(team)).forwards()];
  for (const conversation of its) plant.store.delete('conversation', idOf(conversation));
}

export const newGroup = (plant: Plant, name: string | null, memberIds: readonly number[], act: Act): Row =>
  newConversation(plant, { type: 'GROUP', name, memberIds }, act);

/** The conversation between the two, begun with the first message. */
export function directConversation(plant: Plant, userId: number, act: Act): Row {
  const known = plant.store
    .where('conversation', 'memberIds', userId)
    .forwards()
    .find((one) => one['type'] === 'DM' && numbersOf(one['memberIds']).includes(act.userId));
  return known ?? newConversation(plant, { type: 'DM', memberIds: [act.userId, userId] }, act);
}

export function postMessage(plant: Plant, conversation: Row, content: string, act: Act): Row {
  const conversationId = idOf(conversation);
  const message = insert(plant, 'message', { conversationId, authorId: act.userId, content }, act.userId);
  touch(plant, conversation);
  const others = participants(plant, conversation).map((user) => textOf(user['firstName']));
  const name = nameOfConversation(plant, conversation) || others.join(', ');
  announceSlashCommand(plant, { id: conversationId, type: 'CONVERSATION', name }, idOf(message), content, act);
  return message;
}
