import { announce, isoNow, type Act, type Plant } from './plant.ts';
import { idOf, numberOf, objectsOf, type Row } from './row.ts';

/** What moved a transfer's stock, in the words of the event. */
export type TransferOrigin = 'REQUEST_APPROVAL' | 'FULFILLMENT_APPROVAL' | 'FULFILLMENT_CANCELLATION';

/** PART_TRANSFER: neither `orgId` nor `occurredAt`, but both organisations and `triggeredAt` (FACTS 1.3). */
export function announceTransfer(plant: Plant, request: Row, quantity: number, origin: TransferOrigin, act: Act): void {
  const sourcePartId = numberOf(request['sourcePartId']);
  const unitCost = plant.store.remember('part', sourcePartId)?.['unitCost'];
  const locationId = request['sourceLocationId'];
  announce(plant, act, {
    type: 'PART_TRANSFER',
    body: {
      triggeredFrom: origin,
      transferRequestId: idOf(request),
      userId: act.userId,
      // The specification requires the one name and describes the other.
      quantity,
      totalQuantity: quantity,
      sourceData: {
        partId: sourcePartId,
        ...(typeof unitCost === 'number' ? { partUnitCost: unitCost } : {}),
        orgId: request['sourceOrganizationId'] ?? plant.organizationId,
        ...(typeof locationId === 'number' ? { locationId } : {}),
      },
      destinationData: {
        partId: request['destinationPartId'] ?? null,
        orgId: request['destinationOrganizationId'] ?? plant.organizationId,
        locations: objectsOf(request['destinationLocations']).map((place) => ({
          locationId: place['locationId'] ?? null,
          locationQuantity: place['quantity'] ?? null,
        })),
      },
      triggeredAt: isoNow(plant),
    },
  });
}
