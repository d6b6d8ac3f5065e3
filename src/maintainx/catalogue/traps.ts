/** Behaviour that loses data or breaks things without an error, and what stands against it. */
export interface Trap {
  readonly what: string;
  readonly guard: string;
  /** JSON pointer into the specification, or the section of the fact sheet. */
  readonly source: string;
}

export const TRAPS = {
  canceledAndSkipped: {
    what: 'a list of work orders filtered by CANCELED and SKIPPED together answers 200 with no rows',
    guard: 'the client refuses to send both: ask in two calls',
    source: 'FACTS 2.3',
  },
  upcomingHidden: {
    what: 'work orders with a future start date are missing from lists without `show_upcoming=true`',
    guard: 'the client sends it unless told otherwise',
    source: 'FACTS 2.3, #/paths/~1workorders/get/parameters/19',
  },
  limitOver200: {
    what: 'a limit over 200 is refused, and without one a page has 100 rows',
    guard: 'the client refuses other limits; its own lists ask for 200',
    source: '#/paths/~1workorders/get/parameters/1/schema/maximum',
  },
  badExpandToken: {
    what: 'one unknown expand token refuses the whole page',
    guard: 'tokens are typed, and checked before sending',
    source: 'FACTS 2.3',
  },
  listLag: {
    what: 'a new record is readable by its id, but missing in lists for up to two hours',
    guard: 'absence in a list proves nothing: a GET confirms',
    source: 'FACTS 2.3',
  },
  emptyPage: {
    what: 'a list may answer 200 with no rows at all, once',
    guard: 'the watermark is the greatest updatedAt seen, never the time of asking; sweeps confirm by GET',
    source: 'FACTS 2.3',
  },
  driftingOffset: {
    what: 'the cursor of assets, parts and purchase orders is an offset: rows shift between pages',
    guard: 'paging is part of the catalogue; the poller re-anchors by time and sweeps',
    source: '#/tags/3/description',
  },
  deprecatedStock: {
    what: 'writing area, availableQuantity, locationId or minimumQuantity of a part switches multi-location parts off',
    guard: 'the client refuses these fields unless `allowLegacyStock` is set; write `locations`',
    source: 'FACTS 2.4, #/paths/~1parts~1{id}/patch/requestBody/content/application~1json/schema/properties/area',
  },
  singularAttachment: {
    what: 'the path of a file is plural; the singular one is an unknown path, and multipart is refused',
    guard: 'the client puts raw bytes at the path of the operation',
    source: '#/paths/~1assets~1{id}~1attachments~1{filename}/put',
  },
  oldReadings: {
    what: 'a reading older than three days is refused',
    guard: 'the client refuses it by its clock before sending',
    source: 'FACTS 2.4',
  },
  statusOutsidePatch: {
    what: 'PATCH of a work order takes no status; the status has a path of its own, which takes all but SKIPPED',
    guard: 'types and client refuse both',
    source: '#/paths/~1workorders~1{id}~1status/patch',
  },
  noIdempotency: {
    what: 'there is no idempotency key: a repeated POST makes a second record',
    guard: 'the client repeats a write only after a 429, which was not done',
    source: 'FACTS 2.4',
  },
  linksExpire: {
    what: 'links of files work for an hour and differ with every read',
    guard: 'only the path of a link is compared; bytes are copied at once, URLs never kept',
    source:
      'FACTS 2.4, #/paths/~1assets~1{id}/get/responses/200/content/application~1json/schema/properties/asset/properties/attachments',
  },
  silentTime: {
    what: 'time and cost entries tell no webhook and do not move updatedAt',
    guard: 'found by reading work orders again',
    source: 'FACTS 1.3',
  },
  renamedLabel: {
    what: 'renaming a custom field moves its values to another key without a word',
    guard: 'custom fields are state of the record: the change is an event in the log',
    source: 'FACTS 2.3',
  },
  twoRequestIds: {
    what: 'a new work request is `workRequestId`, its change of status `requestId`',
    guard: 'the catalogue of events has the id key of each event',
    source: '#/x-webhooks/WORK_REQUEST_STATUS_CHANGE',
  },
  tokensInPayload: {
    what: '`includeOAuthTokensInPayload` puts OAuth tokens into the bodies of two events',
    guard: 'the client refuses the option',
    source: '#/paths/~1subscriptions/post/requestBody',
  },
} as const satisfies Readonly<Record<string, Trap>>;
