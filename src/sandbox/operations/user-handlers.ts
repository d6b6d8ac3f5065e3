import { objectOf, type JsonObject } from '../../base/json.ts';
import { badFields, fieldError, Refused, refused, type Answer, type FieldError } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import type { Plant } from '../plant/plant.ts';
import { idOf, textOf, type Row } from '../plant/row.ts';
import { isManager, reactivateUser, removedUser, userWithEmail } from '../plant/user-access.ts';
import type { World } from '../world.ts';
import { fieldsFrom } from './intake.ts';
import type { Handlers } from './handler.ts';
import { recordOperations } from './records-api.ts';
import { rowIn } from './shown-page.ts';
import { checkBody } from './validate.ts';

const users = recordOperations('user');

/** Invites somebody. Who was here before comes back as who he was. */
function createUser(world: World, request: ApiRequest): Answer {
  const { plant } = world;
  if (!isManager(plant, request.act)) throw refused(403, 'You do not have permission to create this user.');
  const body = checkBody(plant, 'user', 'create', request.body);
  refuseAny(emailErrors(plant, body, undefined));
  const removed = removedUser(plant, textOf(body['email']));
  if (removed === undefined) return users.create(world, request);
  reactivateUser(plant, removed, fieldsFrom(plant, 'user', body, removed), request.act);
  return { status: 201, json: { id: idOf(removed) } };
}

function updateUser(world: World, request: ApiRequest): Answer {
  const { plant } = world;
  const { act } = request;
  const user = rowIn(plant, 'user', request, 'user Not Found');
  const body = objectOf(request.body);
  if (!isManager(plant, act)) refuseRights(user, body, act.userId);
  refuseAny(emailErrors(plant, body, user));
  return users.update(world, request);
}

/** People edit themselves, but not what they may do, nor how they sign in. */
function refuseRights(user: Row, body: JsonObject, userId: number): void {
  const authType = textOf(body['authType']);
  const old = textOf(user['authType']);
  if (authType !== '' && authType !== old)
    throw new Refused(403, [{ error: `You do not have permission to edit the Auth Type from ${old} to ${authType}.` }]);
  const touchesRights = ['role', 'customRole'].some(
    (field) => body[field] !== undefined && body[field] !== user[field],
  );
  if (idOf(user) !== userId || touchesRights) throw refused(403, 'You do not have permission to edit this user.');
}

function emailErrors(plant: Plant, { email }: JsonObject, row: Row | undefined): readonly FieldError[] {
  if (typeof email !== 'string' || email === '') return [];
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) return [fieldError('must match format "email"', 'email', email)];
  return userWithEmail(plant, email, row) === undefined
    ? []
    : [fieldError('is the email of another user', 'email', email)];
}

function refuseAny(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw badFields(errors);
}

/** Takes somebody out of the organization. The specification has no 403 here. */
function deleteUser(world: World, request: ApiRequest): Answer {
  const user = rowIn(world.plant, 'user', request, 'user Not Found');
  if (!isManager(world.plant, request.act)) throw badFields([{ error: "User doesn't have the right permissions" }]);
  if (idOf(user) === request.act.userId) throw badFields([{ error: 'You cannot remove yourself' }]);
  return users.remove(world, request);
}

export const userHandlers = { createUser, updateUser, deleteUser } satisfies Partial<Handlers>;
