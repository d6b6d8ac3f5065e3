import type * as Sdk from '@aws-sdk/client-s3';
import { raise } from '../errors.ts';
import { checkedKey, type Blob, type BlobStore } from './blob-store.ts';

export interface S3Options {
  readonly bucket: string;
  /** Before every key; empty: none. */
  readonly prefix: string;
  readonly region: string | undefined;
  /** Of a compatible server; absent: AWS. */
  readonly endpoint: string | undefined;
  readonly forcePathStyle: boolean;
  /** Default: what the SDK finds in the environment, in its files, or from the machine's role. */
  readonly credentials?: Sdk.S3ClientConfig['credentials'];
}

/** Blobs as objects of a bucket. The SDK is an optional package and is loaded at the first use. */
export function s3Blobs(options: S3Options): BlobStore {
  let connected: Promise<{ readonly sdk: typeof Sdk; readonly client: Sdk.S3Client }> | undefined;
  const atBucket = async <Result>(
    work: (sdk: typeof Sdk, client: Sdk.S3Client) => Promise<Result>,
  ): Promise<Result> => {
    connected ??= connect(options);
    const { sdk, client } = await connected;
    try {
      return await work(sdk, client);
    } catch (error) {
      throw raise('blobs-unavailable', `the bucket ${options.bucket} cannot be used: ${nameOf(error)}`, {}, error);
    }
  };
  const objectOf = (key: string): { readonly Bucket: string; readonly Key: string } => ({
    Bucket: options.bucket,
    Key: options.prefix === '' ? checkedKey(key) : `${options.prefix}/${checkedKey(key)}`,
  });
  return {
    put: (key, { bytes, contentType }) => {
      const object = objectOf(key);
      const type = contentType === null ? {} : { ContentType: contentType };
      return atBucket(async (sdk, client) => {
        await client.send(new sdk.PutObjectCommand({ ...object, ...type, Body: bytes }));
      });
    },
    get: (key) => {
      const object = objectOf(key);
      return atBucket(async (sdk, client): Promise<Blob | null> => {
        const found = await client.send(new sdk.GetObjectCommand(object)).catch(nullIfAbsent);
        if (found?.Body === undefined) return null;
        return { bytes: await found.Body.transformToByteArray(), contentType: found.ContentType ?? null };
      });
    },
    removeAll: (folder) => {
      const { Bucket, Key } = objectOf(folder);
      return atBucket(async (sdk, client) => {
        for (;;) {
          const page = await client.send(new sdk.ListObjectsV2Command({ Bucket, Prefix: `${Key}/` }));
          const keys = (page.Contents ?? []).flatMap((one) => (one.Key === undefined ? [] : [{ Key: one.Key }]));
          if (keys.length === 0) return;
          await client.send(new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects: keys, Quiet: true } }));
        }
      });
    },
  };
}

async function connect(options: S3Options): Promise<{ readonly sdk: typeof Sdk; readonly client: Sdk.S3Client }> {
  const { region = 'us-east-1', endpoint, forcePathStyle, credentials } = options;
  const sdk = await import('@aws-sdk/client-s3').catch((error: unknown) => {
    const advice = 'files in a bucket need the package: npm install @aws-sdk/client-s3';
    throw raise('blobs-unavailable', advice, {}, error);
  });
  const client = new sdk.S3Client({
    region,
    forcePathStyle,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  return { sdk, client };
}

const ABSENT: readonly string[] = ['NoSuchKey', 'NotFound'];

function nullIfAbsent(error: unknown): null {
  if (ABSENT.includes(nameOf(error))) return null;
  throw error;
}

/** The SDK's messages may name what was signed; the name of the error says enough. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : String(error));
