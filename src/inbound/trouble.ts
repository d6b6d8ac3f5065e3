import { isCoded, type CodedError } from '../base/coded-error.ts';

/** Whether MaintainX failed at one call, so that others may well succeed; not: our key, our lease or our database. */
export const isAboutOneKind = (error: unknown): error is CodedError =>
  isCoded(error) && error.code.startsWith('maintainx-') && error.code !== 'maintainx-unauthorized';

/** Whether waiting helps: the limit, an outage or a slow answer. An answer that cannot be read stays so, as a rule. */
export const passes = (error: CodedError): boolean =>
  isCoded(error, 'maintainx-rate-limited', 'maintainx-unavailable', 'maintainx-timeout');
