import type { IncomingMessage, ServerResponse } from 'node:http';
import express from 'express';
import fastify from 'fastify';
import { expectTypeOf, test } from 'vitest';
import {
  expressWebhooks,
  fastifyWebhooks,
  fetchWebhooks,
  type MaintainxClient,
  type OperationName,
  type WebhookOptions,
} from '../../src/maintainx/index.ts';

/**
 * What the types of the client promise. `npm run types` is what checks these: nothing here is called, and each
 * `@ts-expect-error` fails the build when its line is no error any more.
 */

test('an operation is known by its name, with what it takes', () => {
  expectTypeOf<'listWorkOrders'>().toMatchTypeOf<OperationName>();
  void ((client: MaintainxClient) => [
    client.call('listWorkOrders'),
    client.call('listWorkOrders', { query: { statuses: ['OPEN', 'ON_HOLD'], sort: '-updatedAt' } }),
    client.call('listWorkOrderComments', { path: { id: 1 }, query: { limit: 50 } }),
    client.call('createWorkOrder', { body: { title: 'Leak', assignees: [{ type: 'USER', id: 1 }] } }),
    client.call('listAssets', { customFields: { Industry: ['a', 'b'] }, organizationIds: [1, 2] }),
    client.call('putAssetAttachment', {
      path: { id: 1, filename: 'a.png' },
      body: new Uint8Array(),
      contentType: 'image/png',
    }),
    client.call('updatePart', { path: { id: 1 }, body: { area: 'A' }, allowLegacyStock: true }),
    // @ts-expect-error no such operation
    client.call('listWebhooks'),
    // @ts-expect-error COMPLETED is no status
    client.call('listWorkOrders', { query: { statuses: ['COMPLETED'] } }),
    // @ts-expect-error no such expand token
    client.call('listWorkOrders', { query: { expand: ['attachments'] } }),
    // @ts-expect-error no such parameter
    client.call('listWorkOrders', { query: { status: 'OPEN' } }),
    // @ts-expect-error a path parameter is missing
    client.call('getAsset'),
    // @ts-expect-error one of two path parameters is missing
    client.call('getVendorContact', { path: { id: 1 } }),
    // @ts-expect-error the comments of which work order
    client.call('listWorkOrderComments', { query: { limit: 50 } }),
    // @ts-expect-error the body is missing
    client.call('createWorkOrder', {}),
    // @ts-expect-error a required field is missing
    client.call('createWorkOrder', { body: { priority: 'LOW' } }),
    // @ts-expect-error CRITICAL is no priority
    client.call('createWorkOrder', { body: { title: 'x', priority: 'CRITICAL' } }),
    // @ts-expect-error an assignee needs its type
    client.call('createWorkOrder', { body: { title: 'x', assignees: [{ id: 1 }] } }),
    // @ts-expect-error SKIPPED is never set
    client.call('updateWorkOrderStatus', { path: { id: 1 }, body: { status: 'SKIPPED' } }),
    // @ts-expect-error an attachment is bytes
    client.call('putAssetAttachment', { path: { id: 1, filename: 'a' }, body: 'text' }),
    // @ts-expect-error a read has no body
    client.call('listAssets', { body: {} }),
    // @ts-expect-error work orders have no filter by custom fields
    client.call('listWorkOrders', { customFields: { Industry: 'a' } }),
    // @ts-expect-error users are listed for one organisation at a time
    client.call('listUsers', { organizationIds: [1] }),
    // @ts-expect-error not a list
    client.pagesOf('getAsset', { path: { id: 1 } }),
    // @ts-expect-error a list without pages
    client.pagesOf('listVersions'),
  ]);
});

test('an answer has the type of its operation', () => {
  void (async (client: MaintainxClient) => {
    const { workOrder } = await client.call('getWorkOrder', { path: { id: 1 } });
    expectTypeOf(workOrder.title).toEqualTypeOf<string>();
    expectTypeOf(workOrder.id).toEqualTypeOf<number>();
    expectTypeOf(await client.call('deleteAsset', { path: { id: 1 } })).toEqualTypeOf<undefined>();
    expectTypeOf(await client.call('createAsset', { body: { name: 'x' } })).toHaveProperty('id');
    const uploaded = await client.call('putAssetAttachment', {
      path: { id: 1, filename: 'a' },
      body: new Uint8Array(),
    });
    expectTypeOf(uploaded.fileKey).toEqualTypeOf<string | undefined>();
    for await (const page of client.pagesOf('listWorkOrderComments', { path: { id: 1 } }))
      expectTypeOf(page.rows).items.toMatchTypeOf<{ readonly id: number; readonly content: string }>();
    // @ts-expect-error no such field
    expectTypeOf(workOrder.name).toBeNever();
  });
});

test('the webhook handlers fit Express, node:http, Fastify and the Fetch API', () => {
  void ((options: WebhookOptions) => {
    express().post('/hooks', expressWebhooks(options));
    void fastify().register(fastifyWebhooks(options), { prefix: '/hooks' });
    expectTypeOf(fetchWebhooks(options)).toEqualTypeOf<(request: Request) => Promise<Response>>();
    return (request: IncomingMessage, response: ServerResponse) => expressWebhooks(options)(request, response);
  });
});
