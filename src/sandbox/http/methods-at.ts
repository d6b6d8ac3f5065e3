import type { Answer } from './answer.ts';
import { matchOperation } from './operation.ts';

/** What Express says to OPTIONS: the methods of the path, HEAD wherever there is GET. Undefined: there are none. */
export function optionsReply(
  path: string,
): { readonly answer: Answer; readonly headers: Readonly<Record<string, string>> } | undefined {
  const methods = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'].filter(
    (method) => matchOperation(method, path.replace(/^\/v1/, '')) !== undefined,
  );
  if (methods.length === 0) return undefined;
  const allowed = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(',');
  return {
    answer: { status: 200, text: allowed, contentType: 'text/html; charset=utf-8' },
    headers: { Allow: allowed },
  };
}
