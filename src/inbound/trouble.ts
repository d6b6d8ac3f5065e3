import { isCoded, type CodedError } from '../base/coded-error.ts';

/** When a connection that rests because MaintainX is down is tried again, epoch milliseconds; null: it does not rest. */
export function restsUntil(error: unknown): number | null {
  if (!isCoded(error, 'maintainx-unavailable')) return null;
  const { retryAt } = error.details;
  return typeof retryAt === 'number' ? retryAt : null;
}

/** Whether MaintainX failed at one call, so that others may well succeed; not: our key, our lease, our database, an outage. */
export const isAboutOneKind = (error: unknown): error is CodedError =>
  isCoded(error) &&
  error.code.startsWith('maintainx-') &&
  error.code !== 'maintainx-unauthorized' &&
  restsUntil(error) === null;

/** Whether waiting helps: the limit, an outage or a slow answer. An answer that cannot be read stays so, as a rule. */
export const passes = (error: CodedError): boolean =>
  isCoded(error, 'maintainx-rate-limited', 'maintainx-unavailable', 'maintainx-timeout');

/** Whether MaintainX said no, and will say it again: the key may not, or there is no such list. */
export const isRefusal = (error: CodedError): boolean =>
  isCoded(error, 'maintainx-forbidden', 'maintainx-not-found', 'maintainx-rejected', 'maintainx-call-invalid');
