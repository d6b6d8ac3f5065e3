import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** "90m", "2h", "1d" as an option's value, in milliseconds. */
export function durationFrom(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  const ms = Number(amount) * (UNITS[unit] ?? NaN);
  if (!(ms > 0)) throw new InvalidArgumentError('Must be a length of time such as 30m, 2h or 1d.');
  return ms;
}
