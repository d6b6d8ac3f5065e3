import type { Dice } from './dice.ts';

/** Names as people really write them: a few are long, in other scripts, or full of signs. */
const ODD_ENDINGS = [
  ' – Überströmventil',
  ' (Zuführung / 供給装置)',
  ' «Łódź»',
  ' — насос №2',
  ' 🔧',
  ' "provisional", see drawing 44-7/B & <annex>',
  ' مضخة التبريد',
  ` formerly ${'line extension, second hall, behind the '.repeat(4)}silos`,
];

/** The name, seldom with an ending that software stumbles over. */
export const namedOddly = (dice: Dice, name: string): string =>
  dice.chance(0.01) ? `${name}${dice.pick(ODD_ENDINGS)}` : name;
