import { Agent, get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** How long answers took, in milliseconds. */
export interface Latency {
  readonly requests: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly most: number;
  readonly kilobytes: number;
}

/** One connection that stays open: what is measured is the answer, not the handshake. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

export interface Read {
  readonly ms: number;
  readonly text: string;
}

/** From sending the request to the last byte of the answer; parsing it is not in it. */
export async function read(url: string, apiKey: string): Promise<Read> {
  const began = performance.now();
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { agent, headers: { authorization: `Bearer ${apiKey}` } }, resolve).once('error', reject);
  });
  const body = await text(response);
  const ms = performance.now() - began;
  if (response.statusCode !== 200) throw new Error(`${url}: ${response.statusCode} ${body.slice(0, 200)}`);
  return { ms, text: body };
}

export function latencyOf(reads: readonly Read[]): Latency {
  const sorted = reads.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const at = (share: number): number => rounded(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
  const bytes = reads.reduce((sum, one) => sum + Buffer.byteLength(one.text), 0);
  return {
    requests: reads.length,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    most: at(1),
    kilobytes: Math.round(bytes / reads.length / 1024),
  };
}

const rounded = (ms: number): number => Math.round(ms * 100) / 100;

/** Reads the same page again and again. */
export async function repeated(url: string, apiKey: string, count: number): Promise<Latency> {
  const reads: Read[] = [];
  for (let made = 0; made < count; made++) reads.push(await read(url, apiKey));
  return latencyOf(reads);
}

/** Follows the cursors, at most `count` pages. */
export async function walked(origin: string, path: string, apiKey: string, count: number): Promise<Latency> {
  const reads: Read[] = [];
  let next: string | null = path;
  while (next !== null && reads.length < count) {
    const page: Read = await read(`${origin}${next}`, apiKey);
    reads.push(page);
    next = nextOf(page.text);
  }
  return latencyOf(reads);
}

const nextOf = (page: string): string | null => /"nextPageUrl":"([^"]+)"/.exec(page)?.[1] ?? null;
