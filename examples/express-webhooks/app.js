import express from 'express';
import { expressWebhooks } from 'millwright/maintainx';

/** An application that takes webhooks at /hooks/<subscription>; `secretOf` knows each subscription's secret. */
export function appWith(secretOf, onDelivery) {
  const app = express();
  // Before express.json(): the signature is over the raw bytes.
  app.post('/hooks/:subscription', expressWebhooks({ secrets: secretOf, onDelivery, onError: console.error }));
  app.use(express.json());
  return app;
}
