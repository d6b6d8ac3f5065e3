import { uuidFrom } from '../hooks/signature.ts';
import { insert, isoNow, touch, type Act, type Plant } from './plant.ts';
import { idOf, objectsOf, type Row } from './row.ts';

/** The secret of the link that a signer gets by e-mail; no operation tells it. */
export const permitLink = (plant: Plant, id: number): string => uuidFrom('work-permit', plant.organizationId, id);

/** What the signers' e-mails would say: the permits that wait, with their links. */
export const waitingPermits = (plant: Plant): Row[] =>
  plant.store
    .all('work-permit')
    .filter((permit) => permit['status'] !== 'SIGNED')
    .map((permit) => ({
      id: idOf(permit),
      workOrderId: permit['workOrderId'] ?? null,
      externalLinkUuid: permitLink(plant, idOf(permit)),
    }));

/** A permit that must be signed before its work order may go on. */
export function issuePermit(plant: Plant, workOrder: Row, act: Act): Row {
  return insert(
    plant,
    'work-permit',
    { workOrderId: idOf(workOrder), status: 'PENDING_SIGNATURE', signatures: [] },
    act.userId,
  );
}

export function signPermit(plant: Plant, permit: Row, signerName: string): void {
  permit['signatures'] = [...objectsOf(permit['signatures']), { signerName, signedAt: isoNow(plant) }];
  permit['status'] = 'SIGNED';
  touch(plant, permit);
}

const permitsOf = (plant: Plant, workOrderId: number): Row[] => [
  ...plant.store.where('work-permit', 'workOrderId', workOrderId).forwards(),
];

/** Permits go with their work order. */
export function dropPermits(plant: Plant, workOrderId: number): void {
  for (const permit of permitsOf(plant, workOrderId)) plant.store.delete('work-permit', idOf(permit));
}

/** Why the work order waits, if it does. */
export function blockedReason(plant: Plant, workOrderId: number): string | null {
  const waits = permitsOf(plant, workOrderId).some((permit) => permit['status'] !== 'SIGNED');
  return waits ? 'A work permit is not signed yet' : null;
}
