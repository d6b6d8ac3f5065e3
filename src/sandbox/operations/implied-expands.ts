import type { ApiRequest } from '../http/request.ts';

/** "Requesting this implicitly enables `asset` if not already requested", the specification says of each. */
const IMPLIED: Readonly<Record<string, string>> = {
  asset_extra_fields: 'asset',
  location_extra_fields: 'location',
  part_extra_fields: 'parts',
};

/** The request with the expand tokens that others of its tokens bring along. */
export function withImpliedExpands(request: ApiRequest): ApiRequest {
  const asked = request.query.getAll('expand');
  const missing = asked.flatMap((token) => IMPLIED[token] ?? []).filter((token) => !asked.includes(token));
  if (missing.length === 0) return request;
  const query = new URLSearchParams(request.query);
  for (const token of missing) query.append('expand', token);
  return { ...request, query };
}
