import { objectOf } from '../../base/json.ts';
import { badFields, fieldError, refused } from '../http/answer.ts';
import { idOf, numberOf, textOf } from '../plant/row.ts';
import { blockedReason, permitLink, signPermit } from '../plant/work-permit.ts';
import { idIn, type Handlers } from './handler.ts';

export const workPermitHandlers = {
  /** Only the link from the e-mail opens the permit; without it, nobody learns whether there is one. */
  signWorkPermit: ({ plant }, request) => {
    const { externalLinkUuid, signerName } = objectOf(request.body);
    const permit = plant.store.get('work-permit', idIn(request));
    if (permit === undefined || externalLinkUuid !== permitLink(plant, idOf(permit))) throw refused(403, 'Forbidden');
    if (textOf(signerName).trim() === '') throw badFields([fieldError('must not be empty', 'signerName', signerName)]);
    if (permit['status'] === 'SIGNED') throw badFields([{ error: 'work permit is already signed' }]);
    signPermit(plant, permit, textOf(signerName));
    const workOrderId = numberOf(permit['workOrderId']);
    return {
      status: 201,
      json: {
        success: true,
        workPermit: { id: idOf(permit), status: textOf(permit['status']) },
        workOrder: { id: workOrderId, blockedByWorkPermitReason: blockedReason(plant, workOrderId) },
      },
    };
  },
} satisfies Partial<Handlers>;
