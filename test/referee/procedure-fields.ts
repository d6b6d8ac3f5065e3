/** One field of each kind that a person fills in. */
export const FIELDS = [
  'HEADING',
  'TEXT',
  'NUMBER',
  'AMOUNT',
  'DATE',
  'CHECKBOX',
  'YES_NO_NA',
  'INSPECTION_CHECK',
  'FILE',
  'SIGNATURE',
].map((type) => ({ type, label: `a ${type}` }));

/** Where the field stands that takes a file. */
export const FILE_FIELD = FIELDS.findIndex(({ type }) => type === 'FILE');
