import { createHmac } from 'node:crypto';
import { expect } from 'vitest';
import { objectOf, parseStored, type JsonObject } from '../../src/base/json.ts';
import type { HookEvent } from '../../src/maintainx/index.ts';
import { openReceiver, type Client, type Delivery, type Reply } from '../../src/sandbox/testing.ts';

export const BODY_SIGNATURE = 'x-maintainx-webhook-body-signature';
export const URI_SIGNATURE = 'x-maintainx-webhook-uri-signature';

/** Parses a signature header and computes what it should be; written anew, so that nothing of ours checks itself. */
export function verifies(header: unknown, secret: unknown, payload: string): boolean {
  const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(header)) ?? [];
  const hmac = createHmac('sha256', Buffer.from(String(secret), 'utf8'));
  return v1 === hmac.update(`${String(t)}.${payload}`).digest('hex');
}

export async function subscribe(
  client: Client,
  type: HookEvent,
  url: string,
  more: JsonObject = {},
): Promise<JsonObject> {
  const reply = await client.call('POST', '/subscriptions', { type, url, ...more });
  expect(reply.status).toBe(201);
  return reply.json;
}

/** What a write tells the subscriptions of these types, in any order. */
export async function told(
  client: Client,
  types: readonly HookEvent[],
  write: () => Promise<Reply | void>,
  more: JsonObject = {},
  count = 1,
): Promise<readonly Delivery[]> {
  await using receiver = await openReceiver();
  for (const type of types) await subscribe(client, type, `${receiver.url}/${type}`, more);
  const reply = await write();
  if (reply !== undefined) expect(reply.status, reply.text).toBeLessThan(300);
  await receiver.next(count);
  // What should not come has had time to come.
  await new Promise((resolve) => void setTimeout(resolve, 50));
  return receiver.got;
}

/** The first record of a kind that passes. */
export function aRecord(
  client: Client,
  kind: Parameters<Client['sandbox']['records']>[0],
  passes: (record: JsonObject) => boolean = () => true,
): JsonObject & { readonly id: number } {
  const found = client.sandbox.records(kind).find(passes);
  if (found === undefined) throw new Error(`the plant has no such ${kind}`);
  return { ...found, id: Number(found['id']) };
}

/** Creates and answers the id. */
export async function made(client: Client, path: string, body: JsonObject): Promise<number> {
  const reply = await client.call('POST', path, body);
  expect(reply.status, reply.text).toBeLessThan(300);
  return Number(reply.json['id']);
}

/** The id of the custom field with this label. */
export async function fieldId(client: Client, entity: string, label: string): Promise<number> {
  const listed = parseStored((await client.get(`/customfields/${entity}`)).text);
  const field = Array.isArray(listed) ? listed.map(objectOf).find((one) => one['label'] === label) : undefined;
  return Number(field?.['id']);
}
