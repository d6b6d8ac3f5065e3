import { announce, isoNow, newId, type Act, type Plant } from './plant.ts';
import { idOf, textOf, type Row } from './row.ts';
import { announceSlashCommand } from './slash-command.ts';

/** A comment moves `lastMessageSentAt`, not `updatedAt` (FACTS 2.3). */
export function addComment(plant: Plant, workOrder: Row, content: string, act: Act): Row {
  const comment: Row = { id: newId(plant, 'comment'), authorId: act.userId, content, createdAt: isoNow(plant) };
  const workOrderId = idOf(workOrder);
  plant.comments.set(workOrderId, [...(plant.comments.get(workOrderId) ?? []), comment]);
  workOrder['lastMessageSentAt'] = isoNow(plant);
  announce(plant, act, {
    type: 'NEW_COMMENT_ON_WORK_ORDER',
    body: { workOrderId, type: 'TEXT', comment: content },
  });
  const name = textOf(workOrder['title']);
  announceSlashCommand(plant, { id: workOrderId, type: 'WORK_ORDER', name }, idOf(comment), content, act);
  return comment;
}
