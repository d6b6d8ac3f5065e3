import type { Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import type { Plant } from '../plant/plant.ts';
import type { Row } from '../plant/row.ts';
import { pageOf } from './page.ts';

export function listOrganizations(plant: Plant, request: ApiRequest): Answer {
  const organization: Row = {
    id: plant.organizationId,
    name: 'Harbour Foods Packaging Plant',
    timeZone: 'Europe/Amsterdam',
    currency: 'EUR',
    dateFormatLocale: 'en-GB',
  };
  return pageOf('organizations', [organization], request);
}
