import type { Answer } from '../http/answer.ts';
import { INVALID_TOKEN, tooMany } from '../http/words.ts';
import type { PageFault } from './page.ts';
import type { RequestFault } from './plan.ts';
import { drawnMillis, type Struck } from './trigger.ts';

/** How a request ends when it does not end with its answer. */
export type Ending =
  | { readonly as: 'reset'; readonly when: 'before' | 'after' }
  | { readonly as: 'no-answer'; readonly cutAfterMs: number | undefined }
  | { readonly as: 'late'; readonly ms: number; readonly connection: 'hang' | 'cut' };

/** How the bytes of an answer go out. */
export type BodyFault =
  | { readonly as: 'slow'; readonly bytes: number; readonly pauseMs: number }
  | { readonly as: 'cut'; readonly bytes: number | undefined };

/** What the faults make of one request. */
export interface Course {
  readonly waitMs: number;
  /** In place of executing it. */
  readonly instead?: Answer;
  /** In place of the rate limit's headers. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly ending?: Ending;
  readonly page?: PageFault;
  readonly body?: BodyFault;
}

export function courseOf(struck: readonly Struck<RequestFault>[]): Course {
  let course: Course = { waitMs: 0 };
  for (const one of struck) course = { ...course, ...stepOf(one, course) };
  return course;
}

function stepOf({ rule, random }: Struck<RequestFault>, { waitMs }: Course): Partial<Course> {
  switch (rule.fault) {
    case 'tooManyRequests':
      return tooManyRequests(rule.headers ?? true, rule.reset ?? 10);
    case 'serverError':
      return { instead: proxyError(rule.status ?? 503) };
    case 'revokedKey':
      return { instead: INVALID_TOKEN };
    case 'latency':
      return { waitMs: waitMs + drawnMillis(rule.ms, random) };
    case 'slowBody':
      return { body: { as: 'slow', bytes: rule.bytes ?? 16, pauseMs: rule.pauseMs ?? 50 } };
    case 'cutBody':
      return { body: { as: 'cut', bytes: rule.bytes } };
    case 'reset':
      return { ending: { as: 'reset', when: rule.when ?? 'before' } };
    case 'noAnswer':
      return { ending: { as: 'no-answer', cutAfterMs: rule.cutAfterMs } };
    case 'lateExecution':
      return { ending: { as: 'late', ms: drawnMillis(rule.ms, random), connection: rule.connection ?? 'cut' } };
    case 'emptyPage':
    case 'repeatedCursor':
    case 'loopingCursor':
      return { page: rule.fault };
  }
}

function tooManyRequests(hasHeaders: boolean, reset: number | string): Partial<Course> {
  if (!hasHeaders) return { instead: tooMany(10), headers: {} };
  const headers = {
    'X-Rate-Limit-Limit': '100',
    'X-Rate-Limit-Remaining': '0',
    'X-Rate-Limit-Reset': String(reset),
  };
  return { instead: tooMany(reset), headers };
}

const REASONS: Readonly<Record<number, string>> = {
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** As a proxy in front of MaintainX would say it: not JSON. */
function proxyError(status: number): Answer {
  const words = `${status} ${REASONS[status] ?? 'Error'}`;
  return {
    status,
    text: `<html>\r\n<head><title>${words}</title></head>\r\n<body>\r\n<center><h1>${words}</h1></center>\r\n</body>\r\n</html>\r\n`,
    contentType: 'text/html',
  };
}
