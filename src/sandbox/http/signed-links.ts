import { createHmac } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';

/** FACTS 2.4: `X-Amz-Expires=3600`. */
const LIFETIME_SECONDS = 3600;

export type Verdict = 'good' | 'unsigned' | 'forged' | 'expired';

/** Pre-signs links of files as S3 does: valid for an hour, without a key, and another query on every read. */
export class SignedLinks {
  /** Where the sandbox listens; known once it does. */
  origin = '';
  readonly #clock: Clock;
  readonly #secret: string;
  #reads = 0;

  constructor(clock: Clock, secret: string) {
    this.#clock = clock;
    this.#secret = secret;
  }

  readonly sign = (path: string): string => {
    this.#reads += 1;
    const date = new Date(this.#clock.now()).toISOString().replace(/[-:]|\.\d+/g, '');
    const query = new URLSearchParams({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': `SANDBOX${this.#reads}/${date.slice(0, 8)}/us-west-2/s3/aws4_request`,
      'X-Amz-Date': date,
      'X-Amz-Expires': String(LIFETIME_SECONDS),
      'X-Amz-SignedHeaders': 'host',
    });
    query.set('X-Amz-Signature', this.#signature(path, query));
    return `${this.origin}${path}?${query.toString()}`;
  };

  verdict({ pathname, searchParams }: URL): Verdict {
    const query = new URLSearchParams(searchParams);
    const signature = query.get('X-Amz-Signature');
    query.delete('X-Amz-Signature');
    if (signature === null) return 'unsigned';
    if (signature !== this.#signature(pathname, query)) return 'forged';
    const date = query.get('X-Amz-Date') ?? '';
    const [, day = '', time = ''] = /^(\d{8})T(\d{6})Z$/.exec(date) ?? [];
    const signedAt = Date.parse(`${dashed(day, [4, 6], '-')}T${dashed(time, [2, 4], ':')}Z`);
    return this.#clock.now() < signedAt + LIFETIME_SECONDS * 1000 ? 'good' : 'expired';
  }

  #signature(path: string, query: URLSearchParams): string {
    return createHmac('sha256', this.#secret).update(`${path}\n${query.toString()}`).digest('hex');
  }
}

const dashed = (digits: string, [first, second]: readonly [number, number], dash: string): string =>
  [digits.slice(0, first), digits.slice(first, second), digits.slice(second)].join(dash);
