import { isObject } from '../../base/json.ts';
import { refused } from '../http/answer.ts';
import { attachmentsWith, attachmentsWithout } from '../plant/attachment.ts';
import { dropFile } from '../plant/file-vault.ts';
import { touch } from '../plant/plant.ts';
import type { Handlers } from './handler.ts';
import { triggerTemplateOf } from './meter-trigger-handlers.ts';
import { receiptFor, receivedFile } from './received-file.ts';

/** Files that a trigger's work orders begin with; nothing but their ids is ever shown of the template's own. */
export const meterTriggerFileHandlers = {
  putMeterTriggerThumbnail: ({ plant }, request) => {
    const template = triggerTemplateOf(plant, request, "Meter Trigger's Work Order Template");
    const file = receivedFile(plant, request);
    if (isObject(template['thumbnail'])) dropFile(plant, template['thumbnail']);
    template['thumbnail'] = file;
    touch(plant, template);
    return receiptFor(plant, file);
  },
  putMeterTriggerWorkOrderTemplateAttachment: ({ plant }, request) => {
    const template = triggerTemplateOf(plant, request, "meter trigger's work order template");
    const file = receivedFile(plant, request);
    template['attachments'] = attachmentsWith(plant, template, file);
    touch(plant, template);
    return receiptFor(plant, file);
  },
  deleteMeterTriggerWorkOrderTemplateAttachment: ({ plant }, request) => {
    const template = triggerTemplateOf(plant, request, 'Attachment');
    const attachments = attachmentsWithout(plant, template, request.params['filename'] ?? '');
    if (attachments === undefined) throw refused(404, 'Attachment Not Found');
    template['attachments'] = attachments;
    touch(plant, template);
    return { status: 204 };
  },
} satisfies Partial<Handlers>;
