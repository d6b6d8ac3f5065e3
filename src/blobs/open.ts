import { fileURLToPath } from 'node:url';
import type { BlobStore } from './blob-store.ts';
import { folderBlobs } from './folder.ts';
import { s3Blobs, type S3Options } from './s3.ts';

/**
 * The store at an address: a folder (a path, or `file:///path`), or `s3://bucket/prefix?region=…&endpoint=…&pathStyle=true`.
 * Throws an Error that says what an address looks like; credentials in it are refused and not repeated.
 */
export function openBlobStore(address: string): BlobStore {
  const place = placeOf(address);
  return typeof place === 'string' ? folderBlobs(place) : s3Blobs(place);
}

/** What the address says: a folder, or a bucket. */
export function placeOf(address: string): string | S3Options {
  if (!/^[a-z0-9+]+:/i.test(address)) {
    if (address.trim() === '') throw new Error(EXPECTED);
    return address;
  }
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) throw new Error(EXPECTED);
  if (url.protocol === 'file:') return folderAt(url);
  if (url.protocol !== 's3:' || url.hostname === '') throw new Error(EXPECTED);
  return bucketAt(url);
}

const EXPECTED = 'must be a folder, or s3://bucket/prefix?region=…&endpoint=…&pathStyle=true';

function folderAt(url: URL): string {
  if (url.hostname !== '') throw new Error('must name a folder of this machine: file:///path');
  return fileURLToPath(url);
}

const OPTIONS: readonly string[] = ['region', 'endpoint', 'pathStyle'];

function bucketAt(url: URL): S3Options {
  const { hostname, pathname, searchParams, username, password } = url;
  if (username !== '' || password !== '')
    throw new Error(
      'must not carry credentials; they come from AWS_ACCESS_KEY_ID, from ~/.aws or from the machine’s role',
    );
  const stranger = [...searchParams.keys()].find((name) => !OPTIONS.includes(name));
  if (stranger !== undefined) throw new Error(`must have no option ${stranger}; it ${EXPECTED}`);
  const endpoint = searchParams.get('endpoint') ?? undefined;
  if (endpoint !== undefined && !/^https?:\/\//.test(endpoint)) throw new Error('must have an http(s) endpoint');
  return {
    bucket: hostname,
    prefix: pathname.replace(/^\/+|\/+$/g, ''),
    region: searchParams.get('region') ?? undefined,
    endpoint,
    forcePathStyle: searchParams.get('pathStyle') === 'true',
  };
}
