export { figuresWork } from './figures-lane.ts';
export { figuresOfAll, type TenantFigures } from './figures.ts';
