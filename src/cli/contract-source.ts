import { createReadStream } from 'node:fs';
import { isCoded } from '../base/coded-error.ts';
import { parseJson } from '../base/json.ts';
import { raise } from '../errors.ts';
import { readSpecification, type Specification } from '../maintainx/index.ts';

/** MaintainX's document is 2 MB. */
const MOST_BYTES = 30 * 1024 * 1024;

/** MaintainX's document is 28 deep. */
const MOST_DEPTH = 100;

const DEADLINE_MS = 60_000;

/** The specification in a file or at an http(s) address. */
export async function specificationFrom(spec: string, deadlineMs = DEADLINE_MS): Promise<Specification> {
  const { name, text } = /^[a-z][a-z\d+.-]*:\/\//i.test(spec) ? await fetched(spec, deadlineMs) : await readFrom(spec);
  const parsed = parseJson(text.replace(/^\uFEFF/, ''), MOST_DEPTH);
  if ('refused' in parsed) {
    const why = parsed.refused === 'too-deep' ? `is nested deeper than ${MOST_DEPTH} levels` : 'is not JSON';
    throw raise('specification-invalid', `${name} ${why}`);
  }
  const reading = readSpecification(parsed.value);
  if ('refused' in reading) throw raise('specification-invalid', `${name} ${reading.refused}`);
  return reading.specification;
}

interface Source {
  /** Fit to be shown: without user, password and query, which may hold keys. */
  readonly name: string;
  readonly text: string;
}

async function readFrom(file: string): Promise<Source> {
  try {
    return { name: file, text: await textOf(createReadStream(file), file) };
  } catch (error) {
    throw unreadable(file, error);
  }
}

async function fetched(address: string, deadlineMs: number): Promise<Source> {
  const url = httpUrl(address);
  const name = `${url.origin}${url.pathname}`;
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    const answer = await fetch(url, { signal, headers: { accept: 'application/json' } });
    if (!answer.ok) throw raise('specification-unreadable', `${name} answered ${answer.status}`);
    return { name, text: await textOf(answer.body ?? [], name) };
  } catch (error) {
    if (signal.aborted) throw raise('specification-unreadable', `${name} took longer than ${deadlineMs} ms`);
    throw unreadable(name, error);
  }
}

function httpUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw raise('usage', '--spec must be a file or an http(s) URL');
  if (url.username !== '' || url.password !== '') throw raise('usage', '--spec must not carry a user or password');
  return url;
}

async function textOf(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, name: string): Promise<string> {
  const taken: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > MOST_BYTES)
      throw raise('specification-invalid', `${name} is larger than ${MOST_BYTES / 1024 / 1024} MiB`);
    taken.push(chunk);
  }
  return Buffer.concat(taken).toString('utf8');
}

function unreadable(name: string, error: unknown): Error {
  if (isCoded(error)) return error;
  return raise('specification-unreadable', `${name} cannot be read: ${reasonOf(error)}`, {}, error);
}

/** Of a failed fetch the cause says more than "fetch failed"; neither holds the address's query. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason';
  const cause = error.cause instanceof Error ? error.cause : error;
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
