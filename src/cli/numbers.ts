import { InvalidArgumentError } from 'commander';

/** A number from `least` to `most`, as an option's value. */
export function numberFrom(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < least)
      throw new InvalidArgumentError(`must be a number of at least ${least}`);
    if (value > most) throw new InvalidArgumentError(`must be at most ${most}`);
    return value;
  };
}

/** A whole number from `least` to `most`, as an option's value. */
export function integerFrom(least: number, most?: number): (text: string) => number {
  return (text) => {
    const value = numberFrom(least, most)(text);
    if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('must be a whole number');
    return value;
  };
}
