import type { Row } from '../plant/row.ts';

/**
 * The work order in a third of the memory. V8 keeps an object that was put together field by field as a hash table;
 * one that was written as a literal is a plain record. With 200,000 of them that decides whether the plant fits.
 */
export function packedWorkOrder(row: Row): Row {
  const packed: Row = {
    id: row['id'] ?? null,
    createdAt: row['createdAt'] ?? null,
    updatedAt: row['updatedAt'] ?? null,
    creatorId: row['creatorId'] ?? null,
    extraFields: row['extraFields'] ?? null,
    attachments: row['attachments'] ?? null,
    status: row['status'] ?? null,
    priority: row['priority'] ?? null,
    type: row['type'] ?? null,
    dueDateIsFullDay: row['dueDateIsFullDay'] ?? null,
    isParent: row['isParent'] ?? null,
    vendorIds: row['vendorIds'] ?? null,
    assignees: row['assignees'] ?? null,
    categories: row['categories'] ?? null,
    parts: row['parts'] ?? null,
    times: row['times'] ?? null,
    timeItems: row['timeItems'] ?? null,
    expenditures: row['expenditures'] ?? null,
    sequentialId: row['sequentialId'] ?? null,
    title: row['title'] ?? null,
    description: row['description'] ?? null,
    assetId: row['assetId'] ?? null,
    locationId: row['locationId'] ?? null,
    estimatedTime: row['estimatedTime'] ?? null,
    recurrenceInfo: row['recurrenceInfo'] ?? null,
    thumbnail: row['thumbnail'] ?? null,
    procedure: row['procedure'] ?? null,
    startDate: row['startDate'] ?? null,
    dueDate: row['dueDate'] ?? null,
    startedAt: row['startedAt'] ?? null,
    completedAt: row['completedAt'] ?? null,
    completerId: row['completerId'] ?? null,
    partStatus: row['partStatus'] ?? null,
    partsConsumed: row['partsConsumed'] ?? null,
    overdueTold: row['overdueTold'] ?? null,
    lastMessageSentAt: row['lastMessageSentAt'] ?? null,
    progress: row['progress'] ?? null,
  };
  for (const [field, value] of Object.entries(row)) if (!(field in packed)) packed[field] = value;
  return packed;
}
