/** A bound that MaintainX sets. */
export interface Limit {
  readonly value: number;
  readonly unit: 'requests' | 'readings' | 'rows' | 'seconds' | 'milliseconds' | 'characters' | 'bytes' | 'days';
  /** Length of the window that the value is counted in, in seconds. */
  readonly per?: number;
  /** JSON pointer into the specification, or the section of the fact sheet. */
  readonly source: string;
}

const RATE_LIMITING = '#/tags/2/description';
const WEBHOOKS = '#/tags/24/description';
const DAY = 86_400;

export const LIMITS = {
  /** Across all his organisations, and again in each. */
  requestsOfUser: { value: 100, unit: 'requests', per: 60, source: RATE_LIMITING },
  requestsOfOrganisation: { value: 500, unit: 'requests', per: 60, source: RATE_LIMITING },
  /** POST /meterreadings, for automated and IoT meters. */
  readingBatches: { value: 100, unit: 'requests', per: 60, source: RATE_LIMITING },
  /** POST /meters/{meterId}/readings. */
  singleReadings: { value: 1, unit: 'requests', per: 10, source: RATE_LIMITING },
  /** MANUAL meters, over all endpoints; a batch counts as one. */
  manualReadings: { value: 10, unit: 'readings', per: DAY, source: RATE_LIMITING },
  readingAge: { value: 3, unit: 'days', source: 'FACTS 2.4' },
  pageRows: {
    value: 200,
    unit: 'rows',
    source: '#/paths/~1workorders/get/parameters/1/schema/maximum',
  },
  pageRowsByDefault: {
    value: 100,
    unit: 'rows',
    source: '#/paths/~1workorders/get/parameters/1/schema/default',
  },
  hookAnswer: { value: 10, unit: 'seconds', source: WEBHOOKS },
  hookTolerance: { value: 300, unit: 'seconds', source: WEBHOOKS },
  hookUrl: {
    value: 512,
    unit: 'characters',
    source: WEBHOOKS,
  },
  /** The example of the 413; the real limit is unknown. */
  fileBytes: {
    value: 1_000_000,
    unit: 'bytes',
    source:
      '#/paths/~1assets~1{id}~1attachments~1{filename}/put/responses/413/content/application~1json/schema/properties/error/example',
  },
  /** How long a pre-signed link of a file works. */
  fileLink: {
    value: 3600,
    unit: 'seconds',
    source:
      '#/paths/~1assets~1{id}/get/responses/200/content/application~1json/schema/properties/asset/properties/attachments/items/properties/url/description',
  },
} as const satisfies Readonly<Record<string, Limit>>;
