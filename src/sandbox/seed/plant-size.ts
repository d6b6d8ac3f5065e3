import type { CoreKind } from '../../maintainx/catalogue/index.ts';

export const PLANT_SIZES = ['small', 'medium', 'large', 'million'] as const;
/** How big the plant is. The small one is 90 days old, the others look back on three years. */
export type PlantSize = (typeof PLANT_SIZES)[number];

type Counts = Readonly<Record<CoreKind, number>>;

/** How many records of each kind a plant with a long history starts with. */
export const COUNTS: Readonly<Record<Exclude<PlantSize, 'small'>, Counts>> = {
  medium: {
    location: 200,
    asset: 1000,
    'work-order': 10_000,
    'work-request': 200,
    part: 800,
    'purchase-order': 300,
    vendor: 150,
    meter: 300,
    user: 120,
    team: 15,
    category: 30,
  },
  large: {
    location: 2000,
    asset: 10_000,
    'work-order': 200_000,
    'work-request': 2000,
    part: 5000,
    'purchase-order': 5000,
    vendor: 2000,
    meter: 3000,
    user: 400,
    team: 40,
    category: 60,
  },
  /** A million work orders and little else: for who wants to know what a copy costs. */
  million: {
    location: 200,
    asset: 1000,
    'work-order': 1_000_000,
    'work-request': 200,
    part: 800,
    'purchase-order': 300,
    vendor: 150,
    meter: 300,
    user: 120,
    team: 15,
    category: 30,
  },
};
