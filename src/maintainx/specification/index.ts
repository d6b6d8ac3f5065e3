export { compactSpecification } from './compact.ts';
export type { BodyShape, Method, OperationShape, ParameterShape, Shape, Specification } from './shape.ts';
export { complaintsAbout, type CheckOptions, type Complaint } from './check.ts';
