import { raiseMaintainx } from './errors.ts';
import { MAX_ANSWER_BYTES, type HttpResponse } from './http.ts';
import { repeat, type Connection } from './transport.ts';

export interface DownloadOptions {
  /** Default 32 MiB; a larger file is cut off with `maintainx-too-large`. */
  readonly maxBytes?: number;
  /** Deadline of one try in milliseconds; default that of the client. */
  readonly timeoutMs?: number;
}

export interface DownloadedFile {
  readonly bytes: Uint8Array;
  /** As the server named it; null when it did not. */
  readonly contentType: string | null;
}

/**
 * Reads the file behind a pre-signed link (FACTS 2.4: S3, good for an hour). Such a link is its own permission: the key
 * of MaintainX is not sent along, nor does the gate of its quota count the request.
 */
export async function download(
  connection: Connection,
  link: string,
  options: DownloadOptions = {},
): Promise<DownloadedFile> {
  const url = fileUrl(link);
  checkLimits(options);
  const answer = await repeat(connection, 'GET', async () => {
    const { maxBytes = MAX_ANSWER_BYTES, timeoutMs = connection.timeoutMs } = options;
    const one = await connection.http({ method: 'GET', url: url.href, headers: {}, file: true, maxBytes, timeoutMs });
    return accepted(one, url);
  });
  return { bytes: answer.bytes ?? new Uint8Array(), contentType: answer.headers['content-type'] ?? null };
}

/** Not a number would be no limit at all. */
function checkLimits(options: DownloadOptions): void {
  for (const name of ['maxBytes', 'timeoutMs'] as const) {
    const limit = options[name];
    if (limit !== undefined && (!Number.isInteger(limit) || limit < 1 || limit > MOST))
      throw raiseMaintainx('maintainx-call-invalid', `download: ${name} must be a whole number from 1 to ${MOST}`);
  }
}

const MOST = 2 ** 31 - 1;

function fileUrl(link: string): URL {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '')
    throw raiseMaintainx('maintainx-link-refused', 'a link to a file must be an http(s) address without credentials');
  return url;
}

/** The query of a link is its signature: it stands in no message. */
function accepted(answer: HttpResponse, url: URL): HttpResponse {
  const { status } = answer;
  if (status === 200) return answer;
  const message = `the file at ${url.host} was answered ${status}`;
  if (status >= 500) throw raiseMaintainx('maintainx-unavailable', message, { status });
  throw raiseMaintainx('maintainx-link-refused', message, { status });
}
