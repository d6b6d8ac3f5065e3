import { someIds } from './choose.ts';
import type { Dice } from './dice.ts';
import type { Plant } from '../plant/plant.ts';
import type { Row } from '../plant/row.ts';
import { CATEGORIES, FIRST_NAMES, LAST_NAMES, TEAMS } from './words.ts';

/** Fields of people and of the words that they sort their work by. */

export function inventUser(plant: Plant, dice: Dice, role?: string): Row {
  const [firstName, lastName] = [dice.pick(FIRST_NAMES), dice.pick(LAST_NAMES)];
  const number = dice.whole(100, 999);
  return {
    firstName,
    lastName,
    email: `${mailWord(firstName)}.${mailWord(lastName)}${number}@harbourfoods.example`,
    phoneNumber: `+31 20 555 ${dice.whole(1000, 9999)}`,
    role: role ?? dice.weighted({ MEMBER: 7, OPERATOR: 2, REQUESTER: 2, ADMIN: 1 }),
    hourlyRate: dice.whole(24, 58) * 100,
    lastVisitedAt: new Date(plant.clock.now() - dice.whole(1, 96) * 3_600_000).toISOString(),
    externalData: { badge: `B${dice.whole(10_000, 99_999)}` },
    extraFields: { Shift: dice.pick(['Early', 'Late', 'Night']) },
  };
}

const mailWord = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');

export function inventTeam(plant: Plant, dice: Dice): Row {
  return {
    name: unused(plant, 'team', 'name', TEAMS, dice),
    description: 'Members and their machines.',
    memberIds: someIds(plant, dice, 'user', dice.whole(2, 5)),
    assetIds: someIds(plant, dice, 'asset', dice.whole(0, 4)),
    locationIds: someIds(plant, dice, 'location', dice.whole(0, 2)),
  };
}

export function inventCategory(plant: Plant, dice: Dice): Row {
  const label = unused(plant, 'category', 'label', CATEGORIES, dice);
  return { label, description: `Work of the kind ${label.toLowerCase()}.` };
}

/** The first word that no record has yet, else one with a number. */
function unused(plant: Plant, kind: 'team' | 'category', field: string, words: readonly string[], dice: Dice): string {
  return (
    words.find((word) => plant.store.where(kind, field, word).size === 0) ?? `${dice.pick(words)} ${dice.whole(2, 999)}`
  );
}
