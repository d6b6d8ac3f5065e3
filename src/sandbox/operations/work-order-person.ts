import type { Json, JsonObject } from '../../base/json.ts';
import { fieldError, type FieldError } from '../http/answer.ts';
import type { Plant } from '../plant/plant.ts';
import { idOf, objectsOf, textOf, type Row } from '../plant/row.ts';

/** A user is named by id or by e-mail address. */
export function userNamed(plant: Plant, name: Json | undefined): Row | undefined {
  if (typeof name === 'number') return plant.store.get('user', name);
  const text = textOf(name);
  if (/^\d+$/.test(text)) return plant.store.get('user', Number(text));
  const [user] = plant.store.where('user', 'email', text).forwards();
  return user;
}

function assigneeNamed(plant: Plant, { type, id }: JsonObject): Row | undefined {
  return type === 'TEAM' ? plant.store.get('team', Number(id)) : userNamed(plant, id);
}

/** As they are kept and read: `{type, id}`, each once. */
export function assigneesFrom(plant: Plant, written: Json): Row[] {
  const found = objectsOf(written).map((one) => ({
    type: textOf(one['type']),
    id: idOf(assigneeNamed(plant, one) ?? {}),
  }));
  return [...new Map(found.map((one) => [`${one.type} ${one.id}`, one])).values()];
}

export function unknownPeople(plant: Plant, body: JsonObject): readonly FieldError[] {
  const { requesterId } = body;
  const isRequesterUnknown =
    requesterId !== undefined && requesterId !== null && userNamed(plant, requesterId) === undefined;
  return [
    ...objectsOf(body['assignees']).flatMap((one, index) =>
      assigneeNamed(plant, one) === undefined
        ? [fieldError(`${one['type'] === 'TEAM' ? 'team' : 'user'} not found`, `assignees.${index}.id`, one['id'])]
        : [],
    ),
    ...(isRequesterUnknown ? [fieldError('user not found', 'requesterId', requesterId)] : []),
  ];
}
