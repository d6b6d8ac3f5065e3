import { objectOf, type JsonObject } from '../../base/json.ts';
import { newStatus } from './create.ts';
import { announce, isoNow, touch, type Act, type Plant } from './plant.ts';
import { idOf, type Row } from './row.ts';

/** The asset goes on- or offline; the old status ends now. Answers the new status. */
export function setAssetStatus(plant: Plant, asset: Row, fields: JsonObject, act: Act): Row {
  const old = objectOf(asset['status']);
  const status = newStatus(plant, 'ONLINE', fields);
  asset['status'] = status;
  touch(plant, asset);
  announce(plant, act, {
    type: 'ASSET_STATUS_CHANGE',
    body: {
      assetId: idOf(asset),
      oldStatus: { ...old, endedAt: status['startedAt'] ?? isoNow(plant) },
      newStatus: status,
    },
    matches: {
      oneOfAssetStatusTypes: [status['status'] ?? null],
      oneOfCustomAssetStatusesIds: [status['customStatusId'] ?? null],
    },
  });
  return status;
}
