import { announce, type Act, type Plant } from './plant.ts';
import type { Row } from './row.ts';

/** Where a message stands: a conversation, or the comments of a work order. */
interface Parent {
  readonly id: number;
  readonly type: 'CONVERSATION' | 'WORK_ORDER';
  readonly name: string;
}

/** "/jira WORK-000 escalate" is the command `jira`; text that begins otherwise is none, and nobody is told. */
export function announceSlashCommand(plant: Plant, parent: Parent, messageId: number, text: string, act: Act): void {
  const [, command, content = ''] = /^\/(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  if (command === undefined) return;
  const told: Row = { id: parent.id, type: parent.type, name: parent.name };
  announce(plant, act, {
    type: 'NEW_SLASH_COMMAND',
    body: { user: { id: act.userId }, parent: told, messageId, command, content },
  });
}
