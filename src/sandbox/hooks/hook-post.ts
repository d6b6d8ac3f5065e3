import * as http from 'node:http';
import * as https from 'node:https';

export type HookHeaders = Readonly<Record<string, string | number>>;

/** Brings webhooks to their receivers. */
export interface HookPost {
  /** Answers the status; rejects when none came. */
  post(url: URL, headers: HookHeaders, body: string): Promise<number>;
  /** Breaks off what is under way. */
  close(): void;
}

/** Over HTTP, on connections that stay open; a receiver that takes longer than `timeoutMs` gave no answer. */
export function httpPost(connections: number, timeoutMs: number): HookPost {
  const agents = {
    'http:': new http.Agent({ keepAlive: true, maxSockets: connections }),
    'https:': new https.Agent({ keepAlive: true, maxSockets: connections }),
  };
  const underWay = new Set<http.ClientRequest>();
  return {
    post: (url, headers, body) => {
      const isTls = url.protocol === 'https:';
      const agent = agents[isTls ? 'https:' : 'http:'];
      const request = (isTls ? https : http).request(url, { method: 'POST', agent, headers: { ...headers } });
      // By the machine's clock: it is a real connection that is given up.
      const timer = setTimeout(() => request.destroy(new Error('timed out')), timeoutMs);
      underWay.add(request);
      const answered = new Promise<number>((resolve, reject) => {
        request.on('error', reject);
        request.on('response', (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
      });
      request.end(body);
      return answered.finally(() => {
        clearTimeout(timer);
        underWay.delete(request);
      });
    },
    close: () => {
      for (const request of underWay) request.destroy();
      agents['http:'].destroy();
      agents['https:'].destroy();
    },
  };
}
