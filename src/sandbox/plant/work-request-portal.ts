import { uuidFrom } from '../hooks/signature.ts';
import type { Plant } from './plant.ts';

/** Where the portal would be found. */
export const portalUrl = (plant: Plant, id: number): string =>
  `https://app.getmaintainx.com/request/${uuidFrom('portal', plant.organizationId, id)}`;
