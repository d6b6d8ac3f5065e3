import { sha256 } from '../../src/base/hash.ts';
import { seededRandom, type Random } from '../../src/base/random.ts';
import { Dice } from '../../src/sandbox/seed/dice.ts';

/** Numbers of their own for each use, so that one use more moves no other. */
export const randomFor = (seed: number, use: string): Random => seededRandom(sha256(String(seed), use).readUInt32BE());

export const diceFor = (seed: number, use: string): Dice => new Dice(randomFor(seed, use));
