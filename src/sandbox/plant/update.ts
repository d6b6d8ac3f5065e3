import { canonicalJson } from '../../base/canonical-json.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import type { CoreKind } from '../../maintainx/catalogue/index.ts';
import { knowMaker } from './maker.ts';
import { announce, touch, type Act, type Plant } from './plant.ts';
import { announcePartChange } from './part-news.ts';
import { announcePurchaseOrderChange } from './purchase-order-news.ts';
import { idOf, type Row } from './row.ts';
import { renameCategory } from './category.ts';
import { announcePermissions } from './user-access.ts';
import { announceWorkOrderChange, settlePartStatus } from './work-order-news.ts';

const isSame = (left: Json | undefined, right: Json | undefined): boolean =>
  canonicalJson(left) === canonicalJson(right);

/** Sets `fields` (null clears), moves `updatedAt` and tells the webhooks, where MaintainX has a webhook for it. */
export function updateRecord(
  plant: Plant,
  kind: CoreKind,
  row: Row,
  fields: JsonObject,
  act: Act,
  origin?: string,
): void {
  const before: Row = { ...row };
  const changed = Object.keys(fields).filter((field) => !isSame(row[field], fields[field]));
  Object.assign(row, fields);
  touch(plant, row);
  if (kind === 'meter') row['updaterId'] = act.userId;
  if (kind === 'asset') knowMaker(plant, row, act.userId);
  if (changed.length > 0) tell(plant, kind, before, row, changed, act, origin);
}

function tell(
  plant: Plant,
  kind: CoreKind,
  before: Row,
  row: Row,
  changed: readonly string[],
  act: Act,
  origin: string | undefined,
): void {
  if (kind === 'work-order') {
    announceWorkOrderChange(plant, before, row, changed, act);
    if (changed.includes('parts')) settlePartStatus(plant, row, act);
  } else if (kind === 'part') announcePartChange(plant, before, row, changed, act, origin ?? 'MANUAL_RESTOCK');
  else if (kind === 'purchase-order') announcePurchaseOrderChange(plant, before, row, changed, act);
  else if (kind === 'user' && changed.includes('role')) announceRole(plant, before, row, act);
  if (kind === 'user' && changed.includes('customRole')) announcePermissions(plant, row, act);
  if (kind === 'category' && changed.includes('label')) renameCategory(plant, before, row);
}

function announceRole(plant: Plant, before: Row, user: Row, act: Act): void {
  announce(plant, act, {
    type: 'USER_ROLE_CHANGED',
    body: {
      actorId: act.userId,
      targetUserId: idOf(user),
      oldRole: before['role'] ?? 'MEMBER',
      newRole: user['role'] ?? 'MEMBER',
    },
  });
}
