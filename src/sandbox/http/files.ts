import { FILES_PATH } from '../plant/file-vault.ts';
import type { Realm } from '../realm.ts';
import type { World } from '../world.ts';
import type { Answer } from './answer.ts';
import type { Verdict } from './signed-links.ts';

/** The file behind a link: the organisation that signed it has it. Undefined when the path is none of a file's. */
export function fileAt({ organizations }: Realm, url: URL): Answer | undefined {
  const awake = organizations.awake();
  const signer = awake.find(({ links }) => links.verdict(url) !== 'forged') ?? awake[0];
  return fileAnswer(signer ?? organizations.world(organizations.first), url);
}

/** The bytes behind a pre-signed link; a key is not asked for. */
function fileAnswer({ plant, links }: World, url: URL): Answer | undefined {
  if (!url.pathname.startsWith(`${FILES_PATH}/`)) return undefined;
  const verdict = links.verdict(url);
  if (verdict !== 'good') return bucketError(403, ...REFUSALS[verdict]);
  const file = plant.files.get(keyIn(url.pathname));
  if (file === undefined) return bucketError(404, 'NoSuchKey', 'The specified key does not exist.');
  return { status: 200, bytes: file.bytes, contentType: file.mimeType };
}

const keyIn = (path: string): string =>
  path
    .slice(FILES_PATH.length + 1)
    .split('/')
    .map(decodeURIComponent)
    .join('/');

const REFUSALS: Readonly<Record<Exclude<Verdict, 'good'>, readonly [string, string]>> = {
  unsigned: ['AccessDenied', 'Access Denied'],
  expired: ['AccessDenied', 'Request has expired'],
  forged: ['SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided.'],
};

/** As S3 words it. */
const bucketError = (status: number, code: string, message: string): Answer => ({
  status,
  text: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  contentType: 'application/xml',
});
