/**
 *   GET    /_sandbox/faults      what goes wrong, see `FaultPlan`
 *   PUT    /_sandbox/faults      something else goes wrong from now on
 *   DELETE /_sandbox/faults      nothing goes wrong any more
 *   GET    /_sandbox/faults/log  what went wrong so far; `?after=<seq>`: since then
 */
import { planFrom } from '../faults/check-plan.ts';
import type { Faults } from '../faults/faults.ts';
import { badFields, fieldError, type Answer } from './answer.ts';
import { asJson, type ControlRequest } from './control-request.ts';
import { jsonFrom } from './request.ts';

export function faultsAnswer(faults: Faults, { route, url, bytes }: ControlRequest): Answer | undefined {
  switch (route) {
    case 'GET /faults':
      return asJson(faults.plan);
    case 'PUT /faults':
      return setFaults(faults, bytes);
    case 'DELETE /faults':
      faults.clear();
      return { status: 204 };
    case 'GET /faults/log':
      return asJson(faults.log(Number(url.searchParams.get('after') ?? '0')));
    default:
      return undefined;
  }
}

function setFaults(faults: Faults, bytes: Uint8Array): Answer {
  const checked = planFrom(jsonFrom(bytes));
  if ('complaints' in checked)
    throw badFields(
      checked.complaints.map(({ path, error, value }) => (path === '' ? { error } : fieldError(error, path, value))),
    );
  faults.set(checked);
  return asJson(faults.plan);
}
