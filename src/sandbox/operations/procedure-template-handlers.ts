import { objectOf, type JsonObject } from '../../base/json.ts';
import { goodAnswer, SPECIFICATION } from '../../maintainx/catalogue/index.ts';
import { fieldError, type Answer, type FieldError } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import { attachmentsWith } from '../plant/attachment.ts';
import { dropFile } from '../plant/file-vault.ts';
import type { Plant } from '../plant/plant.ts';
import {
  createTemplate,
  removeRow,
  removeTemplate,
  rowsOfTemplate,
  updateRow,
  updateTemplate,
} from '../plant/procedure-template.ts';
import { idOf, numberOf, objectsOf, type Row } from '../plant/row.ts';
import { withSignedLinks } from './embeds.ts';
import type { Handlers } from './handler.ts';
import { refuseAny, unknownIdsIn } from './nested-references.ts';
import { pageOf } from './page.ts';
import { projected, shownAs } from './project.ts';
import { receiptFor, receivedFile } from './received-file.ts';
import { unknownId } from './references.ts';
import { rowIn } from './shown-page.ts';

const TEMPLATE = 'procedure-template';
const ROW = 'procedure-template-row';

/** Procedures that work orders take over, and their rows. */
export const procedureTemplateHandlers = {
  listProcedureTemplates: ({ plant }, request) => {
    const rows = plant.store.all(TEMPLATE).map((template) => withRows(plant, template));
    const expand = new Set(request.query.getAll('expand'));
    return pageOf(
      'procedureTemplates',
      rows.map((row) => shownAs('listProcedureTemplates', 'procedureTemplates', row, expand)),
      request,
    );
  },
  getProcedureTemplate: ({ plant }, request) => {
    const template = withRows(plant, rowIn(plant, TEMPLATE, request));
    const expand = new Set(request.query.getAll('expand'));
    return {
      status: 200,
      json: { procedureTemplate: shownAs('getProcedureTemplate', 'procedureTemplate', template, expand) },
    };
  },
  createProcedureTemplate: ({ plant }, request) => {
    const { title = '', fields } = objectOf(request.body);
    refuseAny(unknownIdsIn(plant, 'meter', 'fields', fields, 'meterId'));
    const template = createTemplate(plant, title, fields, request.act);
    const { shape } = goodAnswer(SPECIFICATION.operations.createProcedureTemplate);
    return {
      status: 201,
      json: projected(shape, { id: idOf(template), fields: withRows(plant, template)['rows'] ?? [] }),
    };
  },
  updateProcedureTemplate: ({ plant }, request) => {
    const template = rowIn(plant, TEMPLATE, request, 'procedure template Not Found');
    const body = objectOf(request.body);
    refuseAny([
      ...unknownIdsIn(plant, 'meter', 'fields', body['fields'], 'meterId'),
      ...foreignRows(plant, template, body),
    ]);
    updateTemplate(plant, template, body, request.act);
    return { status: 204 };
  },
  deleteProcedureTemplate: ({ plant }, request) => {
    removeTemplate(plant, rowIn(plant, TEMPLATE, request, 'procedureTemplate Not Found'));
    return { status: 204 };
  },
  updateProcedureTemplateRow: ({ plant }, request) => patchRow(plant, request),
  deleteProcedureTemplateRow: ({ plant }, request) => {
    removeRow(plant, rowIn(plant, ROW, request, 'procedureTemplateRow Not Found'));
    return { status: 204 };
  },
  putProcedureTemplateRowAttachment: ({ plant }, request) => {
    const row = rowIn(plant, ROW, request, 'procedure template row Not Found');
    const file = receivedFile(plant, request);
    updateRow(plant, row, { attachments: attachmentsWith(plant, row, file) });
    return receiptFor(plant, file);
  },
  deleteProcedureTemplateRowAttachments: ({ plant }, request) => {
    const row = rowIn(plant, ROW, request, 'procedure template row Not Found');
    for (const file of objectsOf(row['attachments'])) dropFile(plant, file);
    updateRow(plant, row, { attachments: [] });
    return { status: 204 };
  },
} satisfies Partial<Handlers>;

function patchRow(plant: Plant, request: ApiRequest): Answer {
  const row = rowIn(plant, ROW, request, 'procedure template row Not Found');
  const body = objectOf(request.body);
  refuseAny(unknownId(plant, 'meter', 'meterId', body['meterId']));
  updateRow(plant, row, body);
  return { status: 200, json: { row: shownAs('updateProcedureTemplateRow', 'row', shownRow(plant, row)) } };
}

/** Rows are changed only in their own template. */
function foreignRows(plant: Plant, template: Row, { fields }: JsonObject): readonly FieldError[] {
  return objectsOf(fields).flatMap(({ id }, index) => {
    if (id === undefined) return [];
    const row = plant.store.get(ROW, numberOf(id));
    return row?.['templateId'] === template['id']
      ? []
      : [fieldError('is no row of this procedure template', `fields.${index}.id`, id)];
  });
}

const withRows = (plant: Plant, template: Row): Row => ({
  deletedAt: null,
  ...template,
  rows: rowsOfTemplate(plant, idOf(template)).map((row) => shownRow(plant, row)),
});

/** `attachmentId` is the last file of `attachments`. */
function shownRow(plant: Plant, row: Row): Row {
  const last = objectsOf(row['attachments']).at(-1);
  return {
    ...row,
    attachments: withSignedLinks(row['attachments'] ?? [], plant.signLink),
    ...(last === undefined ? {} : { attachmentId: idOf(last) }),
  };
}
