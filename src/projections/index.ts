export { figuresWork } from './figures-lane.ts';
export { figuresOfAll, type TenantFigures } from './figures.ts';
export type { Outlook } from './outlook.ts';
