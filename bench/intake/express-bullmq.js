import { createHash } from 'node:crypto';
import { Queue } from 'bullmq';
import express from 'express';
import { Redis } from 'ioredis';
import { check } from './checks.js';

const connection = new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: null });
const queue = new Queue('hooks', { connection });

const app = express();
app.post('/hooks/:key', express.raw({ type: () => true, limit: '1mb' }), async (request, response) => {
  const { status, target, signedAt } = check(
    request.params.key,
    request.get('x-maintainx-webhook-body-signature'),
    request.body,
  );
  if (target === undefined) return response.sendStatus(status);
  const fingerprint = createHash('sha256').update(target.subscriptionId).update(request.body).digest('hex');
  const { tenantId, subscriptionId, eventType } = target;
  const body = request.body.toString('base64');
  await queue.add(
    'hook',
    { tenantId, subscriptionId, eventType, signedAt, receivedAt: Date.now(), body },
    { jobId: fingerprint },
  );
  response.sendStatus(202);
});
const server = app.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
