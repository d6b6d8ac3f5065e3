import { randomBytes } from 'node:crypto';

const upTo = (most: number): number => Math.floor(Math.random() * most);
const pick = (all: readonly string[]): string => all[upTo(all.length)] ?? '';

const usual = (nth: number): string =>
  `{"workOrderId":${upTo(1_000_000)},"orgId":1,"oldStatus":"OPEN","newStatus":"DONE","n":${nth}}`;
const swapped = (nth: number, part: string | RegExp, by: readonly string[]): string =>
  usual(nth).replace(part, pick(by));

function damaged(text: string): Buffer {
  const bytes = Buffer.from(text);
  for (let times = 0; times < 5; times++) bytes[upTo(bytes.length)] = upTo(256);
  return bytes;
}

const DATES = [
  '',
  'never',
  '-271821-04-20T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '2026-02-30',
  '0',
  '1e9',
  '\\u0000',
];

/** Bodies that have broken parsers, databases and programs before, and others made of them. */
const BODIES: readonly ((nth: number) => Buffer | string)[] = [
  usual,
  () => randomBytes(upTo(2_000)),
  (nth) => `${'['.repeat(upTo(20_000))}${nth}`,
  () => '{"a":'.repeat(upTo(5_000)),
  (nth) => usual(nth).slice(0, upTo(80)),
  (nth) => swapped(nth, '"OPEN"', ['"\\u0000"', '"\\ud800"', '1e200000', '-0', '9007199254740993']),
  (nth) => swapped(nth, /\d+/, ['null', '{}', '[]', '"x"', '-1', '1.5', 'true', '""', '1e400']),
  (nth) => swapped(nth, '"orgId":1', ['"orgId":2', '"orgId":"1"', '"orgId":null', '"orgId":[1]', '"orgId":{"a":1}']),
  (nth) => `{"__proto__":{"polluted":${nth}},"constructor":{"prototype":{}},${usual(nth).slice(1)}`,
  (nth) => `\ufeff${usual(nth)}`,
  (nth) => Buffer.from(usual(nth), 'utf16le'),
  (nth) => Buffer.concat([Buffer.from(usual(nth)), randomBytes(3)]),
  () => `"${'x'.repeat(upTo(50_000))}"`,
  () => `{${Array.from({ length: 500 }, (_, key) => `"k${key}":${upTo(1_000_000)}`).join(',')}}`,
  (nth) => damaged(usual(nth)),
  (nth) => `{"workOrderId":${upTo(9)},"workOrderId":${upTo(9)},"occurredAt":"${pick(DATES)}","n":${nth}}`,
];

export const oddBody = (nth: number): Buffer => Buffer.from(BODIES[nth % BODIES.length]?.(nth) ?? '');

/** A good header, `t=…,v1=…`, in its parts. */
interface Parts {
  readonly good: string;
  readonly time: string;
  readonly digest: string;
}

const HEADERS: readonly ((parts: Parts, nth: number) => string)[] = [
  ({ good }) => {
    const at = upTo(good.length);
    return `${good.slice(0, at)}${'0123456789abcdef,=tv '.charAt(upTo(21))}${good.slice(at + 1)}`;
  },
  // Printable, as a header must be: what is not, Node's own parser refuses.
  () =>
    randomBytes(upTo(300))
      .toString('latin1')
      .replaceAll(/[^\x20-\x7e\xa0-\xff]/g, '~'),
  ({ time, digest }, nth) => `t=${time},v1=${digest.slice(0, nth % 64)}`,
  ({ time, digest }) => `t=${time},t=${time},v1=${digest}`,
  ({ time }) => `t=${time},v1=${'g'.repeat(64)}`,
  ({ digest }, nth) => `t=${'9'.repeat(1 + (nth % 400))},v1=${digest}`,
  ({ time, digest }) => `t=-${time},v1=${digest}`,
  ({ time, digest }) => `t=${time}e0,v1=${digest}`,
  ({ time, digest }, nth) => `v1=${digest},t=${time},${',='.repeat(nth % 300)}`,
  () => 't=,v1=',
  ({ time, digest }) => `t=${time};v1=${digest}`,
  ({ time, digest }) => `t=${time},v1=${'0'.repeat(64)},v1=${digest.replace(/.$/, 'x')}`,
  ({ time, digest }) => `t=${Number(time) + (upTo(2) === 0 ? -301 : 86_400)},v1=${digest}`,
  ({ time, digest }) => `t=${time},v1=${digest.toUpperCase()}`,
];

export function oddHeader(good: string, nth: number): string {
  const [, time = '', digest = ''] = /^t=(\d+),v1=(\w+)$/.exec(good) ?? [];
  return HEADERS[nth % HEADERS.length]?.({ good, time, digest }, nth) ?? good;
}
