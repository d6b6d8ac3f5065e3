import type { Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import { pageOf } from './page.ts';

/** Those that the key opens: one, or with a multi-organisation key all. */
export function listOrganizations(request: ApiRequest): Answer {
  const organizations = request.organizations.map(({ id, name }) => ({
    id,
    name,
    timeZone: 'Europe/Amsterdam',
    currency: 'EUR',
    dateFormatLocale: 'en-GB',
  }));
  return pageOf('organizations', organizations, request);
}
