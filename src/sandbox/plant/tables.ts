import type { CoreKind } from '../../maintainx/catalogue/index.ts';

/** A table of the plant: each mirrored kind, and what only the wider API shows. */
export type Table =
  | CoreKind
  | 'asset-status'
  | 'vendor-contact'
  | 'asset-criticality'
  | 'asset-custom-status'
  | 'manufacturer'
  | 'model'
  | 'conversation'
  | 'message'
  | 'custom-field'
  | 'maintenance-plan'
  | 'work-order-blueprint'
  | 'meter-trigger'
  | 'meter-trigger-template'
  | 'part-transfer-request'
  | 'procedure-template'
  | 'procedure-template-row'
  | 'root-cause-report'
  | 'work-request-portal'
  | 'work-permit'
  | 'meter-reading'
  | 'purchase-order-comment'
  | 'shipping-address';

/** What has ids: every table, and what lies inside of records. */
export type IdSpace = Table | 'comment' | 'file' | 'subscription' | 'line';

/** First ids: of the size that MaintainX's have (FACTS 2.4), and apart per table, so that mixing them up shows. */
export const FIRST_ID: Readonly<Record<IdSpace, number>> = {
  location: 904_112,
  asset: 1_369_940,
  'work-order': 118_831_473,
  'work-request': 7_733_120,
  part: 5_120_933,
  'purchase-order': 310_457,
  vendor: 88_210,
  meter: 442_310,
  user: 610_022,
  team: 70_113,
  category: 151_204,
  comment: 579_427_394,
  file: 93_001_122,
  subscription: 41_200,
  line: 22_040_310,
  'asset-status': 15_003_881,
  'vendor-contact': 264_518,
  'asset-criticality': 4_101,
  'asset-custom-status': 31_766,
  manufacturer: 57_340,
  model: 198_027,
  conversation: 47_318_205,
  message: 612_904_118,
  'custom-field': 383_671,
  'maintenance-plan': 1_750_286,
  'work-order-blueprint': 11_482_907,
  'meter-trigger': 725_433,
  'meter-trigger-template': 816_250,
  'part-transfer-request': 538_194,
  'procedure-template': 2_417_605,
  'procedure-template-row': 35_260_719,
  'root-cause-report': 645_802,
  'work-request-portal': 21_934,
  'work-permit': 967_115,
  'meter-reading': 268_450_913,
  'purchase-order-comment': 3_340_276,
  'shipping-address': 12_508,
};
