import { expect, test } from 'vitest';
import { openReceiver, openSandbox, rowsOf, send } from '../testing.ts';

test('what only people cause is told by the control API, if its body fits the event', async () => {
  await using client = await openSandbox();
  await using receiver = await openReceiver();
  await client.call('POST', '/subscriptions', { type: 'USER_LOGIN_SUCCESS', url: receiver.url });
  const tell = (body: object): ReturnType<typeof send> =>
    send(`${client.sandbox.controlUrl}/events`, 'POST', {}, { type: 'USER_LOGIN_SUCCESS', body: { ...body } });
  const refused = await tell({ method: 'PIGEON' });
  expect(refused.status).toBe(400);
  expect(rowsOf(refused, 'errors').map(({ fieldPath }) => fieldPath)).toEqual(['body.userId', 'body.method']);
  expect((await tell({ userId: 1, method: 'EMAIL' })).status).toBe(200);
  await receiver.next(1);
  expect(receiver.got[0]?.body).toEqual({
    userId: 1,
    method: 'EMAIL',
    orgId: client.sandbox.organizationId,
    occurredAt: expect.any(String),
  });
});
