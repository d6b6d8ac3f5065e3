const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "45 seconds", "3 minutes", "3.2 hours", "2.5 days" */
export function durationInWords(ms: number): string {
  if (ms < 2 * MINUTE) return counted(ms / SECOND, 'second');
  if (ms < 2 * HOUR) return counted(ms / MINUTE, 'minute');
  return ms < 2 * DAY ? counted(ms / HOUR, 'hour') : counted(ms / DAY, 'day');
}

/** "0.4", "12", "1340"; little is not nothing. */
export function rateInWords(rate: number): string {
  if (rate > 0 && rate < 0.05) return 'under 0.1';
  return shortNumber(rate);
}

/** Part of a whole, 0 to 1, as "12 %". */
export const shareInWords = (share: number): string => `${rateInWords(share * 100)} %`;

function counted(amount: number, unit: string): string {
  const text = shortNumber(amount);
  return `${text} ${unit}${text === '1' ? '' : 's'}`;
}

/** Rounded to one decimal below 10, to a whole number above. */
const shortNumber = (amount: number): string =>
  amount < 9.95 ? String(Math.round(amount * 10) / 10) : amount.toFixed(0);
