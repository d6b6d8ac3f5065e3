export { createApp } from './app.ts';
export type { RoutePorts } from './rest/ports.ts';
