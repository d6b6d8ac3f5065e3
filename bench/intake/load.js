// Sends signed webhooks over connections that stay open, and prints what became of them as one line of JSON.
// Requests are written out before the clock starts: what is measured is the receiver.
import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

const { PORT, TARGETS } = process.env;
const COUNT = Number(process.env.COUNT);
const CONNECTIONS = Number(process.env.CONNECTIONS ?? 64);
/** Requests a second, whatever the answers; 0: each connection sends its next when it has its answer. */
const RATE = Number(process.env.RATE ?? 0);
/** Sent before the clock starts, as to a receiver that has been running: code is compiled, keys are known, connections are made. */
const WARM_UP = RATE === 0 ? 2_000 : 0;

const targets = Object.entries(JSON.parse(readFileSync(TARGETS, 'utf8')));

function requestOf(nth) {
  const [key, { secret }] = targets[nth % targets.length];
  const body = Buffer.from(
    JSON.stringify({
      workOrderId: 1_000_000 + nth,
      orgId: 1,
      userId: 7,
      occurredAt: new Date().toISOString(),
      oldWorkOrder: { title: 'Grease the conveyor', status: 'OPEN', note: randomBytes(200).toString('hex') },
      newWorkOrder: { title: 'Grease the conveyor', status: 'IN_PROGRESS', note: randomBytes(150).toString('hex') },
    }),
  );
  const t = Math.floor(Date.now() / 1000);
  const v1 = createHmac('sha256', secret).update(`${t}.`).update(body).digest('hex');
  const head =
    `POST /hooks/${key} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n` +
    `x-maintainx-webhook-body-signature: t=${t},v1=${v1}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

const requests = Array.from({ length: COUNT }, (_, nth) => requestOf(nth));
const took = new Float64Array(COUNT);
const statuses = {};
let answered = 0;
const began = { at: 0 };
let finish;
const finished = new Promise((resolve) => (finish = resolve));

/** What an answer is at the least, however short its body: all of it came when its length is there. */
function lengthOf(answer) {
  const end = answer.indexOf('\r\n\r\n');
  if (end < 0) return Infinity;
  return end + 4 + Number(/content-length: (\d+)/i.exec(answer.latin1Slice(0, end))?.[1] ?? 0);
}

/** One connection, one request at a time. Answers are read into one buffer: what the sender costs is not what is measured. */
async function open(onFree) {
  const buffer = Buffer.alloc(16_384);
  let [pending, sentAt, nth, usual] = [Buffer.alloc(0), 0, 0, 0];
  const over = (status) => {
    took[nth] = performance.now() - sentAt;
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (++answered === WARM_UP) began.at = performance.now();
    if (answered === COUNT) finish();
    else onFree(self);
  };
  const read = (bytes) => {
    // Most answers are as long as the one before, and come in one piece.
    if (pending.length === 0 && bytes === usual) return over(buffer.latin1Slice(9, 12));
    pending = Buffer.concat([pending, buffer.subarray(0, bytes)]);
    const length = lengthOf(pending);
    if (pending.length < length) return;
    const status = pending.latin1Slice(9, 12);
    [usual, pending] = [length, Buffer.alloc(0)];
    over(status);
  };
  const socket = connect({
    port: Number(PORT),
    host: '127.0.0.1',
    onread: { buffer, callback: (n) => (read(n), true) },
  });
  socket.setNoDelay(true);
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.on('error', () => over('broken'));
  const self = {
    send: (index, since) => {
      [nth, sentAt] = [index, since];
      socket.write(requests[index]);
    },
    end: () => socket.destroy(),
  };
  return self;
}

let next = 0;
const connections = [];
if (RATE === 0) {
  const go = (connection) => {
    if (next < COUNT) connection.send(next++, performance.now());
  };
  for (let made = 0; made < CONNECTIONS; made++) connections.push(await open(go));
  connections.forEach(go);
  await finished;
} else {
  const free = [];
  const late = [];
  const give = (connection) => {
    const waiting = late.shift();
    if (waiting === undefined) free.push(connection);
    else connection.send(waiting.index, waiting.since);
  };
  for (let made = 0; made < CONNECTIONS; made++) {
    const connection = await open(give);
    connections.push(connection);
    free.push(connection);
  }
  began.at = performance.now();
  const timer = setInterval(() => {
    // Each is due at its own time, and its wait counts from then: a receiver that stalls cannot slow the clock.
    while (next < COUNT && began.at + (next * 1000) / RATE <= performance.now()) {
      const since = began.at + (next * 1000) / RATE;
      const connection = free.shift();
      if (connection === undefined) late.push({ index: next, since });
      else connection.send(next, since);
      next++;
    }
    if (next === COUNT) clearInterval(timer);
  }, 2);
  await finished;
}
const seconds = (performance.now() - began.at) / 1000;
for (const connection of connections) connection.end();
const sorted = took.subarray(WARM_UP).toSorted();
const at = (share) => Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) * 100) / 100;
console.log(
  JSON.stringify({
    count: COUNT,
    seconds,
    perSecond: Math.round((COUNT - WARM_UP) / seconds),
    statuses,
    p50: at(0.5),
    p99: at(0.99),
    most: at(1),
  }),
);
