import type { Dice } from './dice.ts';
import { isoAt, type Plant } from '../plant/plant.ts';

/** Made some time in the 90 days before the start, last changed some time after that. */
export function someDays(plant: Plant, dice: Dice): { createdAt: string; updatedAt: string } {
  const now = plant.clock.now();
  const created = now - dice.whole(1, 90 * 24 * 3600) * 1000 - dice.whole(0, 999);
  const passed = Math.floor((now - created) * (dice.whole(0, 90) / 100));
  return { createdAt: isoAt(created), updatedAt: isoAt(created + passed) };
}

export function times(count: number, make: (index: number) => void): void {
  for (let index = 0; index < count; index++) make(index);
}
