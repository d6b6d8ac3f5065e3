import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import * as fc from 'fast-check';
import { startFauxqs, type FauxqsServer } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkedKey, type BlobStore } from './blob-store.ts';
import { folderBlobs } from './folder.ts';
import { openBlobStore, placeOf } from './open.ts';
import { s3Blobs } from './s3.ts';

let folder: string;
let s3: FauxqsServer;
const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blobs-'));
  s3 = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false });
  const client = new S3Client({ region: 'us-east-1', endpoint: endpoint(), forcePathStyle: true, credentials });
  await client.send(new CreateBucketCommand({ Bucket: 'files' }));
  client.destroy();
});
afterAll(async () => {
  await s3.stop();
  await rm(folder, { recursive: true });
});

const endpoint = (): string => `http://127.0.0.1:${s3.port}`;
const bucket = (prefix: string): BlobStore =>
  s3Blobs({ bucket: 'files', prefix, region: undefined, endpoint: endpoint(), forcePathStyle: true, credentials });

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe.each([
  ['a folder', (): BlobStore => folderBlobs(join(folder, 'deep', 'down'))],
  ['a bucket', (): BlobStore => bucket('')],
  ['a part of a bucket', (): BlobStore => bucket('plant/files')],
])('%s', (_name, open) => {
  it('gives back what was put, with its type', async () => {
    const store = open();
    const bytes = new Uint8Array(1_000_003).map((_, index) => index % 251);
    await store.put('tenant/abc', { bytes, contentType: 'image/png' });
    const found = await store.get('tenant/abc');
    expect(Buffer.compare(found?.bytes ?? new Uint8Array(), bytes)).toBe(0);
    expect(found?.contentType).toBe('image/png');
  });

  it('keeps what was put last', async () => {
    const store = open();
    await store.put('a', { bytes: bytesOf('first'), contentType: 'text/plain' });
    await store.put('a', { bytes: bytesOf('second'), contentType: 'text/html' });
    const found = await store.get('a');
    expect([Buffer.from(found?.bytes ?? '').toString(), found?.contentType]).toEqual(['second', 'text/html']);
  });

  it('takes a whole folder away, and no other', async () => {
    const store = open();
    for (const key of ['gone/1', 'gone/deep/2', 'gone-not/3'])
      await store.put(key, { bytes: bytesOf(key), contentType: null });
    await store.removeAll('gone');
    await store.removeAll('never-there');
    const left = await Promise.all(['gone/1', 'gone/deep/2', 'gone-not/3'].map((key) => store.get(key)));
    expect(left.map((one) => one !== null)).toEqual([false, false, true]);
  });

  it('keeps nothing as nothing', async () => {
    const store = open();
    await store.put('empty', { bytes: new Uint8Array(), contentType: 'text/plain' });
    expect((await store.get('empty'))?.bytes).toHaveLength(0);
  });

  it('has nothing under another key, nor under a part of one', async () => {
    const store = open();
    await store.put('b/c', { bytes: bytesOf('x'), contentType: null });
    expect([await store.get('b/d'), await store.get('b'), await store.get('b/c/d')]).toEqual([null, null, null]);
  });

  it('takes no key that leads out of it', () => {
    const store = open();
    for (const key of ['../x', 'a/../b', '/etc/passwd', 'a//b', '', '.hidden', 'a/', 'a\\b', 'ü', 'x'.repeat(600)])
      expect(() => store.get(key)).toThrow(expect.objectContaining({ code: 'blob-key-invalid' }));
  });
});

/** A program that puts one blob again and again, and says when it has begun. */
const endlessWriter = (path: string): string => `
  const { folderBlobs } = await import(${JSON.stringify(new URL('folder.ts', import.meta.url).href)});
  const store = folderBlobs(${JSON.stringify(path)});
  console.log('writing');
  for (;;) await store.put('t/blob', { bytes: new Uint8Array(3_000_000).fill(7), contentType: null });`;

describe('a folder', () => {
  it('is for this user alone', async () => {
    const store = folderBlobs(join(folder, 'private'));
    await store.put('t/one', { bytes: bytesOf('x'), contentType: null });
    expect((await stat(join(folder, 'private', 't'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'private', 't', 'one'))).mode & 0o777).toBe(0o600);
  });

  it('has under the name of a blob all of it or nothing, however a writer ends', async () => {
    const path = join(folder, 'killed');
    const bytes = new Uint8Array(3_000_000).fill(7);
    const found: (Uint8Array | undefined)[] = [];
    for (const afterMs of [1, 2, 3, 5, 7, 9, 12, 15]) {
      const writer = spawn(process.execPath, ['--input-type=module', '--eval', endlessWriter(path)]);
      await once(writer.stdout, 'data');
      await pause(afterMs);
      writer.kill('SIGKILL');
      await once(writer, 'exit');
      found.push((await folderBlobs(path).get('t/blob'))?.bytes);
    }
    const whole = found.filter((one) => one !== undefined).every((one) => Buffer.compare(one, bytes) === 0);
    expect(whole).toBe(true);
    await folderBlobs(path).put('t/blob', { bytes, contentType: null });
    const names = (await readdir(join(path, 't'))).filter((name) => !name.startsWith('.'));
    expect(names).toEqual(['blob']);
  });

  it('that cannot be made is a coded error', async () => {
    await writeFile(join(folder, 'file'), '');
    const store = folderBlobs(join(folder, 'file', 'below'));
    await expect(store.put('a', { bytes: bytesOf('x'), contentType: null })).rejects.toMatchObject({
      code: 'blobs-unavailable',
    });
  });
});

it('a bucket that is not there is a coded error', async () => {
  const store = s3Blobs({
    bucket: 'nobodys',
    prefix: '',
    region: undefined,
    endpoint: endpoint(),
    forcePathStyle: true,
    credentials,
  });
  await expect(store.put('a', { bytes: bytesOf('x'), contentType: null })).rejects.toMatchObject({
    code: 'blobs-unavailable',
  });
});

it('whatever is taken as a key stays inside', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.webPath(), fc.string({ unit: fc.constantFrom('.', '/', 'a', '-') })),
      (key) => {
        let taken: string;
        try {
          taken = checkedKey(key);
        } catch {
          return;
        }
        expect(join('/store', taken).startsWith('/store/')).toBe(true);
        expect(taken.split('/').some((name) => name === '' || name.startsWith('.'))).toBe(false);
      },
    ),
  );
});

describe('an address', () => {
  it('is a folder or a bucket', () => {
    expect(placeOf('/var/lib/files')).toBe('/var/lib/files');
    expect(placeOf('files')).toBe('files');
    expect(placeOf('file:///var/lib/files')).toBe('/var/lib/files');
    expect(placeOf('s3://plant/a/b?region=eu-central-1&endpoint=http://minio:9000&pathStyle=true')).toEqual({
      bucket: 'plant',
      prefix: 'a/b',
      region: 'eu-central-1',
      endpoint: 'http://minio:9000',
      forcePathStyle: true,
    });
    expect(openBlobStore('s3://plant')).toHaveProperty('put');
  });

  it('that cannot be used is refused, and no secret of it is repeated', () => {
    for (const address of ['', 'ftp://x/y', 's3://', 's3://b?colour=red', 's3://b?endpoint=ftp://x', 'file://host/x'])
      expect(() => placeOf(address)).toThrow(/^must /);
    expect(() => placeOf('s3://key:verysecret@bucket')).toThrow(/^(?!.*verysecret).*must not carry credentials/);
  });
});
