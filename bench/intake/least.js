// The least that a receiver in Node.js can do and still keep its word: no framework, the same checks, and one statement and
// commit for all that came meanwhile, into a table without an index, a tenant or a second thought. It finds nothing again,
// knows no repeated webhook and keeps no organisation from another. It is the ceiling that the others are held against.
import { createServer } from 'node:http';
import pg from 'pg';
import { check } from './checks.js';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 2 });
await pool.query('create table deliveries (body bytea not null)');

let waiting = [];
let isBusy = false;

async function commit() {
  const group = waiting;
  waiting = [];
  await pool.query({
    name: 'insert',
    text: `insert into deliveries select substring($1::bytea from f for l) from unnest($2::int[], $3::int[]) as g (f, l)`,
    values: parametersOf(group.map(({ body }) => body)),
  });
  for (const { done } of group) done();
  isBusy = false;
  plan();
}

function parametersOf(bodies) {
  let from = 1;
  const starts = bodies.map(({ length }) => (from += length) - length);
  return [Buffer.concat(bodies), `{${starts.join()}}`, `{${bodies.map(({ length }) => length).join()}}`];
}

function plan() {
  if (isBusy || waiting.length === 0) return;
  isBusy = true;
  setImmediate(commit);
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    const signature = request.headers['x-maintainx-webhook-body-signature'];
    const { status } = check(request.url.slice('/hooks/'.length), signature, body);
    const answer = () => response.writeHead(status, { 'content-length': 2 }).end('{}');
    if (status !== 202) return answer();
    waiting.push({ body, done: answer });
    plan();
  });
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
