import { isObject } from '../../base/json.ts';
import type { CoreKind } from '../../maintainx/catalogue/index.ts';
import { refused } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import { attachmentsWith, attachmentsWithout } from '../plant/attachment.ts';
import { dropFile } from '../plant/file-vault.ts';
import type { Plant } from '../plant/plant.ts';
import type { Row } from '../plant/row.ts';
import { updateRecord } from '../plant/update.ts';
import { idIn, type Handler, type Handlers } from './handler.ts';
import { receiptFor, receivedFile } from './received-file.ts';

type Operations = Readonly<Record<'put' | 'remove' | 'thumbnail', Handler>>;

/** The files of a mirrored kind. `name` as the 404s of its attachments spell it; those of thumbnails have capitals. */
function filesOf(kind: CoreKind, name: string): Operations {
  const title = name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());
  return {
    put: ({ plant }, request) => {
      const row = rowFor(plant, kind, request, name);
      const file = receivedFile(plant, request);
      updateRecord(plant, kind, row, { attachments: attachmentsWith(plant, row, file) }, request.act);
      return receiptFor(plant, file);
    },
    remove: ({ plant }, request) => {
      const row = rowFor(plant, kind, request, 'Attachment');
      const attachments = attachmentsWithout(plant, row, request.params['filename'] ?? '');
      if (attachments === undefined) throw refused(404, 'Attachment Not Found');
      updateRecord(plant, kind, row, { attachments }, request.act);
      return { status: 204 };
    },
    thumbnail: ({ plant }, request) => {
      const row = rowFor(plant, kind, request, title);
      const file = receivedFile(plant, request);
      const old = row['thumbnail'];
      updateRecord(plant, kind, row, { thumbnail: file }, request.act);
      if (isObject(old)) dropFile(plant, old);
      return receiptFor(plant, file);
    },
  };
}

function rowFor(plant: Plant, kind: CoreKind, request: ApiRequest, name: string): Row {
  const row = plant.store.get(kind, idIn(request));
  if (row === undefined) throw refused(404, `${name} Not Found`);
  return row;
}

const assets = filesOf('asset', 'asset');
const locations = filesOf('location', 'location');
const parts = filesOf('part', 'part');
const purchaseOrders = filesOf('purchase-order', 'purchase order');
const vendors = filesOf('vendor', 'vendor');
const workOrders = filesOf('work-order', 'work order');
const workRequests = filesOf('work-request', 'work request');

/** Files at records, as raw bytes at the plural path (FACTS 2.4). */
export const attachmentHandlers = {
  putAssetAttachment: assets.put,
  deleteAssetAttachment: assets.remove,
  putAssetThumbnail: assets.thumbnail,
  putLocationAttachment: locations.put,
  deleteLocationAttachment: locations.remove,
  putLocationThumbnail: locations.thumbnail,
  putPartAttachment: parts.put,
  deletePartAttachment: parts.remove,
  putPartThumbnail: parts.thumbnail,
  putPurchaseOrderAttachment: purchaseOrders.put,
  deletePurchaseOrderAttachment: purchaseOrders.remove,
  putPurchaseOrderThumbnail: purchaseOrders.thumbnail,
  putVendorAttachment: vendors.put,
  deleteVendorAttachment: vendors.remove,
  putVendorThumbnail: vendors.thumbnail,
  putWorkOrderAttachment: workOrders.put,
  deleteWorkOrderAttachment: workOrders.remove,
  putWorkOrderThumbnail: workOrders.thumbnail,
  putWorkRequestAttachment: workRequests.put,
  deleteWorkRequestAttachment: workRequests.remove,
  putWorkRequestThumbnail: workRequests.thumbnail,
} satisfies Partial<Handlers>;
