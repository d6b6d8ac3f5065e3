import { createHash, randomUUID } from 'node:crypto';
import express from 'express';
import pg from 'pg';
import { check } from './checks.js';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 20 });
await pool.query(`create table if not exists deliveries (
  tenant_id uuid not null, fingerprint bytea not null, delivery_id uuid not null, subscription_id uuid not null,
  event_type text not null, body bytea not null, signed_at timestamptz not null, received_at timestamptz not null,
  state text not null default 'waiting', primary key (tenant_id, delivery_id), unique (tenant_id, fingerprint))`);
await pool.query(`create index if not exists waiting on deliveries (tenant_id, delivery_id) where state = 'waiting'`);

const app = express();
app.post('/hooks/:key', express.raw({ type: () => true, limit: '1mb' }), async (request, response) => {
  const { status, target, signedAt } = check(
    request.params.key,
    request.get('x-maintainx-webhook-body-signature'),
    request.body,
  );
  if (target === undefined) return response.sendStatus(status);
  const fingerprint = createHash('sha256').update(target.subscriptionId).update(request.body).digest();
  await pool.query(
    `insert into deliveries (tenant_id, fingerprint, delivery_id, subscription_id, event_type, body, signed_at, received_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
    [
      target.tenantId,
      fingerprint,
      randomUUID(),
      target.subscriptionId,
      target.eventType,
      request.body,
      new Date(signedAt),
      new Date(),
    ],
  );
  response.sendStatus(202);
});
const server = app.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
