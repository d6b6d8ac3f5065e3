import type { Answer } from '../http/answer.ts';
import type { OperationName } from '../http/operation.ts';
import type { ApiRequest } from '../http/request.ts';
import { numberOf } from '../plant/row.ts';
import type { World } from '../world.ts';

/** Answers one operation. Path, query and body fit the specification already; what refers to other records does not yet. */
export type Handler = (world: World, request: ApiRequest) => Answer;

/** One for each of MaintainX's operations: without one of them this does not compile. */
export type Handlers = Readonly<Record<OperationName, Handler>>;

/** The id in the path, under whichever name. */
export const idIn = ({ params }: ApiRequest, name = 'id'): number => numberOf(Number(params[name] ?? '0'));
