export { addTenant, type AddedTenant, type NewTenant, type OnboardingPorts } from './add-tenant.ts';
