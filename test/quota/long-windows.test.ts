import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCoded } from '../../src/base/coded-error.ts';
import { seededRandom } from '../../src/base/random.ts';
import {
  createClient,
  type Http,
  type HttpResponse,
  type LongWindow,
  type QuotaRule,
} from '../../src/maintainx/index.ts';
import { createQuota, memoryShelf, type Principals, type QuotaShelf } from '../../src/quota/index.ts';
import { withinWindows } from '../../src/quota/long-windows.ts';
import { openInProcess } from '../../src/sandbox/in-process.ts';
import { VirtualClock } from '../virtual-clock.ts';

const SECOND = 1_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const OK: HttpResponse = { status: 201, headers: {}, body: '{"id":1}' };
const DAILY: LongWindow = {
  of: 'organization',
  key: 'manual readings of meter 7',
  limit: 10,
  windowMs: DAY,
  whenFull: 'refuse',
};
const SLOW: LongWindow = {
  of: 'organization',
  key: 'readings of meter 7',
  limit: 1,
  windowMs: 10 * SECOND,
  whenFull: 'wait',
};

const OWNERS: Principals = { user: 'a user', organization: 'an organisation' };
const atOnce = (send: () => Promise<HttpResponse>): Promise<HttpResponse> => send();

const codeOf = (error: unknown): string => (isCoded(error) ? error.code : String(error));

/** A process that sends, each request taking a second; times of sending are noted. */
function senderOn(clock: VirtualClock, shelf: QuotaShelf, holder: string, sent: number[]) {
  const stop = new AbortController();
  const options = { holder, shelf, clock, signal: stop.signal };
  const send = (...windows: readonly LongWindow[]): Promise<string> =>
    withinWindows(
      options,
      OWNERS,
      windows,
      async () => {
        sent.push(clock.now());
        await clock.sleep(SECOND);
        return OK;
      },
      atOnce,
    ).then(() => 'sent', codeOf);
  return { send, stop: () => stop.abort() };
}

describe('a window of a day', () => {
  it('takes its ten and refuses the eleventh, over a restart and for all processes, until a day has passed', async () => {
    const clock = new VirtualClock();
    const [shelf, sent] = [memoryShelf(), [] as number[]];
    const [first, second] = [senderOn(clock, shelf, 'a', sent), senderOn(clock, shelf, 'b', sent)];
    const outcomes: Promise<string>[] = [];
    for (let made = 0; made < 12; made++) {
      outcomes.push((made % 2 === 0 ? first : second).send(DAILY));
      await clock.pass(HOUR / 2);
    }
    const restarted = senderOn(clock, shelf, 'c', sent);
    outcomes.push(restarted.send(DAILY));
    await clock.pass(2 * SECOND);
    expect(await Promise.all(outcomes)).toEqual([
      ...Array.from({ length: 10 }, () => 'sent'),
      ...Array.from({ length: 3 }, () => 'maintainx-readings-used-up'),
    ]);
    await clock.pass(DAY - 7 * HOUR);
    const later = restarted.send(DAILY);
    await clock.pass(2 * SECOND);
    expect(await later).toBe('maintainx-readings-used-up');
    await clock.pass(HOUR);
    const free = restarted.send(DAILY);
    await clock.pass(2 * SECOND);
    expect(await free).toBe('sent');
  });

  it('lets a queue of three days through, ten in any day, though the process is replaced every few hours', async () => {
    const clock = new VirtualClock();
    const [shelf, sent] = [memoryShelf(), [] as number[]];
    const queue = async (): Promise<void> => {
      for (let left = 30, process = 0; left > 0; process++) {
        const options = { holder: `process ${process}`, shelf, clock, signal: new AbortController().signal };
        try {
          const send = (): Promise<HttpResponse> => (sent.push(clock.now()), Promise.resolve(OK));
          await withinWindows(options, OWNERS, [DAILY], send, atOnce);
          left--;
        } catch (error) {
          const until = isCoded(error, 'maintainx-readings-used-up') ? Number(error.details['retryAt']) : Number.NaN;
          await clock.sleep(until - clock.now());
        }
      }
    };
    const done = queue();
    const began = clock.now();
    await clock.pass(3 * DAY);
    await done;
    expect(sent).toHaveLength(30);
    expect((sent.at(-1) ?? 0) - began).toBeLessThan(2 * DAY + 2 * SECOND);
    for (const from of sent) expect(sent.filter((at) => at >= from && at < from + DAY).length).toBeLessThanOrEqual(10);
  });

  it('gives back the place of another window when it refuses, and says when there is room', async () => {
    const clock = new VirtualClock();
    const [shelf, sent] = [memoryShelf(), [] as number[]];
    const { send } = senderOn(clock, shelf, 'a', sent);
    const full: LongWindow = { ...DAILY, key: 'full', limit: 1 };
    const all = [send(full), send(SLOW, full)];
    await clock.pass(2 * SECOND);
    expect(await Promise.all(all)).toEqual(['sent', 'maintainx-readings-used-up']);
    const next = send(SLOW);
    await clock.pass(SECOND + 10);
    expect(await next).toBe('sent');
    const options = { holder: 'a', shelf, clock, signal: new AbortController().signal };
    await expect(withinWindows(options, OWNERS, [full], () => Promise.resolve(OK), atOnce)).rejects.toMatchObject({
      code: 'maintainx-readings-used-up',
      details: { retryAt: expect.closeTo(clock.now() - 3 * SECOND + DAY, -4) },
    });
  });
});

describe('a window of seconds', () => {
  it('makes the next one wait, and turns it away when the process stops', async () => {
    const clock = new VirtualClock();
    const [shelf, sent] = [memoryShelf(), [] as number[]];
    const { send, stop } = senderOn(clock, shelf, 'a', sent);
    const all = [send(SLOW), send(SLOW), send(SLOW)];
    await clock.pass(15 * SECOND);
    expect(sent.map((time) => time - (sent[0] ?? 0))).toEqual([0, expect.closeTo(11 * SECOND, -2)]);
    stop();
    await clock.pass(SECOND);
    expect(await Promise.all(all)).toEqual(['sent', 'sent', expect.stringContaining('stopping')]);
  });
});

describe('a place that was taken', () => {
  const optionsOn = (clock: VirtualClock, shelf: QuotaShelf) => ({
    holder: 'a',
    shelf,
    clock,
    signal: new AbortController().signal,
  });

  it('is kept while the request waits for its user, however long, so that no second one goes within the window', async () => {
    const clock = new VirtualClock();
    const sent: number[] = [];
    const options = optionsOn(clock, memoryShelf());
    const send = (): Promise<HttpResponse> => (sent.push(clock.now()), Promise.resolve(OK));
    const queued = async (go: typeof send): Promise<HttpResponse> => {
      await clock.sleep(5 * 60 * SECOND);
      return go();
    };
    const all = [withinWindows(options, OWNERS, [SLOW], send, queued)];
    await clock.pass(4 * 60 * SECOND);
    all.push(withinWindows({ ...options, holder: 'b' }, OWNERS, [SLOW], send, atOnce));
    await clock.pass(2 * 60 * SECOND);
    await Promise.all(all);
    expect((sent[1] ?? 0) - (sent[0] ?? 0)).toBeGreaterThanOrEqual(10 * SECOND);
  });

  it('is free again when the request was turned away before it was sent', async () => {
    const clock = new VirtualClock();
    const options = optionsOn(clock, memoryShelf());
    const daily: LongWindow = { ...DAILY, limit: 1 };
    const send = (): Promise<HttpResponse> => Promise.resolve(OK);
    const away = (): Promise<HttpResponse> => Promise.reject(new Error('turned away'));
    await expect(withinWindows(options, OWNERS, [daily], send, away)).rejects.toThrow('turned away');
    const refusing = (): Promise<HttpResponse> => {
      throw new Error('the breaker is open');
    };
    const lateGate = async (go: typeof send): Promise<HttpResponse> => {
      await Promise.resolve();
      return go();
    };
    await expect(withinWindows(options, OWNERS, [daily], refusing, lateGate)).rejects.toThrow('breaker');
    await expect(withinWindows(options, OWNERS, [daily], send, atOnce)).resolves.toBe(OK);
    await expect(withinWindows(options, OWNERS, [daily], send, atOnce)).rejects.toMatchObject({
      code: 'maintainx-readings-used-up',
    });
  });

  it('counts though the request failed on its way: it may have arrived', async () => {
    const clock = new VirtualClock();
    const options = optionsOn(clock, memoryShelf());
    const daily: LongWindow = { ...DAILY, limit: 1 };
    const lost = (): Promise<HttpResponse> => Promise.reject(new Error('socket hang up'));
    await expect(withinWindows(options, OWNERS, [daily], lost, atOnce)).rejects.toThrow('hang up');
    await expect(withinWindows(options, OWNERS, [daily], lost, atOnce)).rejects.toMatchObject({
      code: 'maintainx-readings-used-up',
    });
  });

  it('never costs an answer: with the shelf out of reach what was sent is told, and the place lapses', async () => {
    const clock = new VirtualClock();
    const whole = memoryShelf();
    let isUp = true;
    const shelf: QuotaShelf = {
      ...whole,
      exchange: (...asked) => (isUp ? whole.exchange(...asked) : Promise.reject(new Error('no database'))),
    };
    const send = (): Promise<HttpResponse> => ((isUp = false), Promise.resolve(OK));
    await expect(withinWindows(optionsOn(clock, shelf), OWNERS, [SLOW], send, atOnce)).resolves.toBe(OK);
    isUp = true;
    const next = withinWindows({ ...optionsOn(clock, shelf), holder: 'b' }, OWNERS, [SLOW], send, atOnce);
    await clock.pass(75 * SECOND);
    await expect(next).resolves.toBe(OK);
  });
});

it('a window of a meter is one for all users of the organisation, one of batches is each user’s own', async () => {
  const clock = new VirtualClock();
  const shelf = memoryShelf();
  const options = { holder: 'a', shelf, clock, signal: new AbortController().signal };
  const ofMeter: LongWindow = { ...DAILY, limit: 1 };
  const ofUser: LongWindow = { ...ofMeter, of: 'user', key: 'batches' };
  const by = (user: string, window: LongWindow): Promise<string> =>
    withinWindows(options, { ...OWNERS, user }, [window], () => Promise.resolve(OK), atOnce).then(() => 'sent', codeOf);
  expect([await by('one', ofMeter), await by('two', ofMeter)]).toEqual(['sent', 'maintainx-readings-used-up']);
  expect([await by('one', ofUser), await by('two', ofUser)]).toEqual(['sent', 'sent']);
  expect(await by('two', ofUser)).toBe('maintainx-readings-used-up');
});

it('no window of any phase sees more than its limit, whoever sends and whenever', async () => {
  const pauses = fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), pauses, async (limit, waits) => {
      const clock = new VirtualClock();
      const [shelf, sent] = [memoryShelf(), [] as number[]];
      const processes = ['a', 'b'].map((holder) => senderOn(clock, shelf, holder, sent));
      const window: LongWindow = { ...SLOW, limit };
      const all: Promise<string>[] = [];
      for (const [index, wait] of waits.entries()) {
        const sender = processes[index % 2];
        if (sender !== undefined) all.push(sender.send(window));
        await clock.pass(wait);
      }
      await clock.pass(waits.length * 12 * SECOND);
      expect(new Set(await Promise.all(all))).toEqual(new Set(['sent']));
      for (const from of sent)
        expect(sent.filter((time) => time >= from && time < from + window.windowMs).length).toBeLessThanOrEqual(limit);
    }),
    { numRuns: 40 },
  );
});

describe('readings that are written through the client', () => {
  const unlimited: QuotaRule = { limit: Infinity, windowMs: 60 * SECOND, share: 1 };

  function plant() {
    const clock = new VirtualClock();
    const sandbox = openInProcess({ clock, plant: 'small', requestsPerMinute: 0, organisationRequestsPerMinute: 0 });
    const statuses: number[] = [];
    const http: Http = async ({ url, method, headers, body = '' }) => {
      const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
      const answer = await sandbox.exchange({ url: new URL(url), method, headers, bytes });
      if (answer.came !== 'answer') throw new Error('the sandbox is at peace');
      statuses.push(answer.status);
      return answer;
    };
    const stop = new AbortController();
    const shelf = memoryShelf();
    const quota = createQuota({
      perUser: unlimited,
      perOrganization: unlimited,
      holder: 'a',
      shelf,
      clock,
      signal: stop.signal,
    });
    const gate = quota.gateOf({ user: 'u', organization: 'o' });
    const random = seededRandom(1);
    const client = createClient({ baseUrl: 'http://sandbox/v1', apiKey: sandbox.apiKey, http, gate, clock, random });
    const meterOf = (type: string): number => {
      const found = sandbox.records('meter').find(({ measurementType }) => measurementType === type);
      return Number(found?.['id']);
    };
    return { clock, client, statuses, meterOf };
  }

  it('never meet a limit of MaintainX: sensors one in ten seconds each, a manual meter ten a day over both endpoints', async () => {
    const { clock, client, statuses, meterOf } = plant();
    const [sensor, manual] = [meterOf('AUTOMATED_SENSOR'), meterOf('MANUAL')];
    const outcomes: Promise<string>[] = [];
    const told = (call: Promise<unknown>): Promise<string> => call.then(() => 'sent', codeOf);
    for (let made = 0; made < 6; made++) {
      const readingValue = 1_000_000 + made;
      outcomes.push(told(client.call('createMeterReading', { path: { meterId: sensor }, body: { readingValue } })));
      outcomes.push(
        told(
          client.call('createMeterReading', {
            path: { meterId: manual },
            body: { readingValue },
            manualMeters: [manual],
          }),
        ),
      );
      outcomes.push(
        told(
          client.call('createMeterReadings', {
            body: [{ meterId: manual, value: readingValue }],
            manualMeters: [String(manual)],
          }),
        ),
      );
    }
    await clock.pass(5 * 60 * SECOND);
    const counts = Object.groupBy(await Promise.all(outcomes), (outcome) => outcome);
    expect([counts['sent']?.length, counts['maintainx-readings-used-up']?.length]).toEqual([16, 2]);
    expect(statuses.filter((status) => status === 429)).toEqual([]);
  });
});
