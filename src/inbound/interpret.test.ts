import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../base/canonical-json.ts';
import { parseJson, type JsonObject } from '../base/json.ts';
import { HOOK_EVENTS, isHookEvent, type HookEvent } from '../maintainx/index.ts';
import type { Delivery } from './delivery.ts';
import { interpret, type Interpretation } from './interpret.ts';

const SIGNED_AT = Date.UTC(2026, 8, 16, 12);
const OCCURRED_AT = '2026-09-16T11:59:58.123Z';
const EVENTS = Object.keys(HOOK_EVENTS).filter(isHookEvent);

const deliveryOf = (eventType: HookEvent, body: string | Uint8Array): Delivery => ({
  deliveryId: 'd',
  subscriptionId: 's',
  eventType,
  body: typeof body === 'string' ? Buffer.from(body) : body,
  signedAt: SIGNED_AT,
  uriSignature: 'valid',
  receivedAt: SIGNED_AT + 1,
  state: 'waiting',
  reason: null,
  discarded: null,
});

const read = (eventType: HookEvent, body: string | Uint8Array): Interpretation =>
  interpret(deliveryOf(eventType, body), '1');
const readJson = (eventType: HookEvent, body: unknown): Interpretation => read(eventType, JSON.stringify(body));

/** The object in which the value stands at a path as the catalogue writes it. */
const at = (path: string, value: unknown): Readonly<Record<string, unknown>> => {
  const [key = '', ...rest] = path.split('.');
  return { [key]: rest.length === 0 ? value : at(rest.join('.'), value) };
};

/** A body as MaintainX would send it, with ids 100, 101 … */
const bodyOf = (eventType: HookEvent): Readonly<Record<string, unknown>> =>
  HOOK_EVENTS[eventType].records.reduce((body, { id }, index) => ({ ...body, ...at(id, 100 + index) }), {
    orgId: 1,
    occurredAt: OCCURRED_AT,
    userId: 7,
  });

function factOf(interpretation: Interpretation) {
  if ('parked' in interpretation) throw new Error(interpretation.parked);
  return interpretation.fact;
}
const recordsOf = (interpretation: Interpretation) => ('records' in interpretation ? interpretation.records : []);
const parkedOf = (interpretation: Interpretation) => ('parked' in interpretation ? interpretation.parked : null);

describe('every event of MaintainX', () => {
  it('is known: 46 of them', () => {
    expect(EVENTS).toHaveLength(46);
  });

  it.each(EVENTS)('%s gives its fact and the records to look at', (eventType) => {
    const { fact, records } = HOOK_EVENTS[eventType];
    const body = bodyOf(eventType);
    const told = readJson(eventType, body);
    const keys = records.map(({ kind }, index) => ({ organizationId: '1', kind, recordId: `${100 + index}` }));
    expect(recordsOf(told)).toEqual(keys);
    expect(factOf(told)).toMatchObject({
      family: 'fact',
      type: fact,
      version: null,
      stream: keys[0] === undefined ? 'organisation/1' : `${keys[0].kind}/1/100`,
      occurredAt: Date.parse(OCCURRED_AT),
      actor: 'user/7',
      explainedBy: [],
    });
  });

  it.each(EVENTS.filter((eventType) => HOOK_EVENTS[eventType].records.length > 0))(
    '%s is parked without the id of its record',
    (eventType) => {
      expect(parkedOf(readJson(eventType, { orgId: 1, occurredAt: OCCURRED_AT }))).toContain('the body lacks');
    },
  );
});

describe('a fact', () => {
  it('keeps all that the body says, whatever it is', () => {
    const body = { ...bodyOf('NEW_ASSET'), brandNew: { deep: [1, 'x'] } };
    expect(factOf(readJson('NEW_ASSET', body)).data).toBe(canonicalJson(asObject(JSON.stringify(body))));
  });

  it('is the same for the same bytes only: organisation, event type and body make its key', () => {
    const key = (eventType: HookEvent, body: string, organization = '1') =>
      factOf(interpret(deliveryOf(eventType, body), organization)).factKey?.toString('hex');
    const body = '{"workOrderId":42}';
    expect(key('NEW_WORK_ORDER', body)).toBe(key('NEW_WORK_ORDER', body));
    const others = [
      key('WORK_ORDER_CHANGE', body),
      key('NEW_WORK_ORDER', body, '2'),
      key('NEW_WORK_ORDER', `${body} `),
    ];
    expect(new Set([key('NEW_WORK_ORDER', body), ...others]).size).toBe(4);
  });

  it('takes the time of a part transfer from triggeredAt, and else the time of the signature', () => {
    const occurredAt = (times: object): number =>
      factOf(readJson('PART_TRANSFER', { ...bodyOf('PART_TRANSFER'), occurredAt: undefined, ...times })).occurredAt;
    expect(occurredAt({ triggeredAt: OCCURRED_AT })).toBe(Date.parse(OCCURRED_AT));
    expect(occurredAt({})).toBe(SIGNED_AT);
    expect(occurredAt({ occurredAt: 'soon' })).toBe(SIGNED_AT);
    expect(occurredAt({ occurredAt: 5 })).toBe(SIGNED_AT);
  });

  it.each(['-271821-04-20T00:00:00.000Z', '+275760-09-13T00:00:00.000Z', '0000-01-01T00:00:00.000Z'])(
    'never carries a time that the database refuses or changes: %s',
    (occurredAt) => {
      expect(factOf(readJson('NEW_ASSET', { assetId: 5, occurredAt })).occurredAt).toBe(SIGNED_AT);
    },
  );

  it('names the actor as the body calls it, or nobody', () => {
    const actor = (who: object) => factOf(readJson('ROLE_CREATED', { orgId: 1, ...who })).actor;
    expect(actor({ actorId: 3 })).toBe('user/3');
    expect(actor({ userId: 7, actorId: 3 })).toBe('user/7');
    expect([actor({}), actor({ userId: null }), actor({ userId: '7; drop' })]).toEqual([null, null, null]);
  });
});

describe('a part transfer', () => {
  it('names two records, and is parked when one of them is missing', () => {
    const sourceData = { partId: 5 };
    const both = readJson('PART_TRANSFER', { sourceData, destinationData: { partId: 6 } });
    expect(recordsOf(both).map((key) => key.recordId)).toEqual(['5', '6']);
    expect(parkedOf(readJson('PART_TRANSFER', { sourceData, destinationData: {} }))).toContain(
      'destinationData.partId',
    );
    expect(parkedOf(readJson('PART_TRANSFER', { sourceData, destinationData: [6] }))).not.toBeNull();
  });
});

describe('the organisation in the body', () => {
  it('that is not the connection’s gives the fact, and no record that could be read over it', () => {
    const told = readJson('NEW_WORK_ORDER', { ...bodyOf('NEW_WORK_ORDER'), orgId: 2 });
    expect(recordsOf(told)).toEqual([]);
    expect(factOf(told)).toMatchObject({ type: 'work-order.created', stream: 'work-order/1/100' });
  });

  it('may be missing, or text', () => {
    expect(recordsOf(readJson('NEW_WORK_ORDER', { workOrderId: 42 }))).toHaveLength(1);
    expect(recordsOf(readJson('NEW_WORK_ORDER', { workOrderId: 42, orgId: '1' }))).toHaveLength(1);
  });
});

describe('an id', () => {
  it('may be digits in text or longer than a double holds', () => {
    const id = (text: string) => recordsOf(read('NEW_ASSET', `{"assetId":${text}}`)).map((key) => key.recordId);
    expect(id('42')).toEqual(['42']);
    expect(id('"42"')).toEqual(['42']);
    expect(id('9007199254740993')).toEqual(['9007199254740993']);
  });

  it.each(['-1', '1.5', '1e300', 'null', 'true', '""', '"../1"', '"4 2"', '[42]', '{"id":42}', `"${'9'.repeat(21)}"`])(
    'is none when it is %s',
    (id) => {
      expect(parkedOf(read('NEW_ASSET', `{"assetId":${id}}`))).toBe('the body lacks assetId');
    },
  );
});

describe('a hostile body', () => {
  it.each<readonly [string, string | Uint8Array, string]>([
    ['nothing', '', 'the body is not-json'],
    ['no JSON', 'status=DONE', 'the body is not-json'],
    ['a list', '[{"assetId":5}]', 'the body is not a JSON object'],
    ['null', 'null', 'the body is not a JSON object'],
    ['too deep', `{"assetId":5,"x":${'['.repeat(100)}`, 'the body is too-deep'],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'the body is not UTF-8'],
    ['a byte order mark', '\uFEFF{"assetId":5}', 'the body is not-json'],
    ['its id under another name', '{"id":5}', 'the body lacks assetId'],
    ['its id in the prototype', '{"__proto__":{"assetId":5}}', 'the body lacks assetId'],
  ])('is parked with its reason: %s', (_what, body, reason) => {
    expect(parkedOf(read('NEW_ASSET', body))).toBe(reason);
  });

  it('is taken with whatever it holds besides', () => {
    const body = String.raw`{"assetId":5,"note":"\u0000\ud800","huge":1e308,"big":12345678901234567890123,"assetId2":[{}]}`;
    expect(recordsOf(read('NEW_ASSET', body))).toHaveLength(1);
  });

  it('never makes it throw, whatever the bytes', () => {
    const json = fc
      .dictionary(
        fc.constantFrom('orgId', 'assetId', 'partId', 'sourceData', 'occurredAt', 'userId', '__proto__'),
        fc.jsonValue(),
      )
      .map((body) => Buffer.from(JSON.stringify(body)));
    fc.assert(
      fc.property(fc.constantFrom(...EVENTS), fc.oneof(fc.uint8Array(), json), (eventType, body) => {
        const told = read(eventType, body);
        const sound = 'parked' in told ? told.parked.length > 0 : Number.isSafeInteger(told.fact.occurredAt);
        expect(sound).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

function asObject(text: string): JsonObject {
  const parsed = parseJson(text);
  if ('refused' in parsed || typeof parsed.value !== 'object' || parsed.value === null) throw new Error('no object');
  return Object.fromEntries(Object.entries(parsed.value));
}
