import type { CoreKind } from '../../maintainx/catalogue/index.ts';
import { closeTeamConversation } from './conversation.ts';
import { removeTrigger, triggersOf } from './meter-trigger.ts';
import { touch, type Plant } from './plant.ts';
import { idOf, type Row } from './row.ts';
import { statusesOf } from './asset-status.ts';
import { contactsOf } from './vendor-contact.ts';

/** What cannot be without a record goes with it; what was inside it stands alone from now on. */
export function removeBelongings(plant: Plant, kind: CoreKind, row: Row): void {
  if (kind === 'asset') for (const status of statusesOf(plant, row)) plant.store.delete('asset-status', idOf(status));
  if (kind === 'vendor')
    for (const contact of contactsOf(plant, row)) plant.store.delete('vendor-contact', idOf(contact));
  if (kind === 'meter') for (const trigger of triggersOf(plant, row)) removeTrigger(plant, trigger);
  if (kind === 'team') closeTeamConversation(plant, row);
  if (kind === 'user') row['removedFromOrganization'] = true;
  if (kind === 'asset' || kind === 'location') freeChildren(plant, kind, row);
}

function freeChildren(plant: Plant, kind: 'asset' | 'location', row: Row): void {
  // A copy: who is freed leaves the group.
  const children = [...plant.store.where(kind, 'parentId', idOf(row)).forwards()];
  for (const child of children) {
    child['parentId'] = null;
    touch(plant, child);
  }
}
