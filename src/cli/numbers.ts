import { InvalidArgumentError } from 'commander';

/** A number of at least `least`, as an option's value. */
export function numberFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < least)
      throw new InvalidArgumentError(`must be a number of at least ${least}`);
    return value;
  };
}

/** A whole number from `least` to `most`, as an option's value. */
export function integerFrom(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = numberFrom(least)(text);
    if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('must be a whole number');
    if (value > most) throw new InvalidArgumentError(`must be at most ${most}`);
    return value;
  };
}
