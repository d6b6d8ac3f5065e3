import { objectOf } from '../../base/json.ts';
import { badFields, fieldError, refused, type Answer } from '../http/answer.ts';
import { isYes } from '../http/query.ts';
import type { ApiRequest } from '../http/request.ts';
import { directConversation, isOpenTo, nameOfConversation, participants, postMessage } from '../plant/conversation.ts';
import type { Plant } from '../plant/plant.ts';
import { idOf, pick, textOf, type Row } from '../plant/row.ts';
import type { World } from '../world.ts';
import type { Handlers } from './handler.ts';
import { pageOf } from './page.ts';
import { rowIn } from './shown-page.ts';

function listConversations({ plant }: World, request: ApiRequest): Answer {
  const types = request.query.getAll('type');
  const onlyNamed = isYes(request.query.get('onlyNamed'));
  const rows = plant.store
    .all('conversation')
    .filter((row) => isOpenTo(row, request.act.userId) && (types.length === 0 || types.includes(textOf(row['type']))))
    .map((row) => shown(plant, row))
    .filter((row) => !onlyNamed || row['name'] !== undefined);
  return pageOf('conversations', rows, request);
}

function shown(plant: Plant, row: Row): Row {
  const name = nameOfConversation(plant, row);
  return { ...pick(row, ['id', 'type']), ...(name === '' ? {} : { name }) };
}

function conversationIn(plant: Plant, request: ApiRequest, sentence?: string): Row {
  const row = rowIn(plant, 'conversation', request, sentence);
  if (!isOpenTo(row, request.act.userId)) throw refused(404, sentence ?? 'Not Found.');
  return row;
}

function listMembers({ plant }: World, request: ApiRequest): Answer {
  const members = participants(plant, conversationIn(plant, request));
  return pageOf(
    'members',
    members.map((user) => pick(user, ['id', 'firstName', 'lastName'])),
    request,
  );
}

function contentIn({ body }: ApiRequest): string {
  const content = textOf(objectOf(body)['content']);
  if (content.trim() === '') throw badFields([fieldError('must NOT have fewer than 1 characters', 'content', content)]);
  return content;
}

function createMessage({ plant }: World, request: ApiRequest): Answer {
  const conversation = conversationIn(plant, request, 'conversation Not Found');
  return { status: 201, json: { id: idOf(postMessage(plant, conversation, contentIn(request), request.act)) } };
}

/** A message to one user: only its conversation is answered. */
function createUserMessage({ plant }: World, request: ApiRequest): Answer {
  const user = rowIn(plant, 'user', request, 'user Not Found');
  const content = contentIn(request);
  if (idOf(user) === request.act.userId) throw badFields([{ error: 'You cannot write to yourself' }]);
  const conversation = directConversation(plant, idOf(user), request.act);
  postMessage(plant, conversation, content, request.act);
  return { status: 201, json: { conversationId: idOf(conversation) } };
}

export const conversationHandlers = {
  listConversations,
  listConversationMembers: listMembers,
  createConversationMessage: createMessage,
  createUserMessage,
} satisfies Partial<Handlers>;
