import { expect, it } from 'vitest';
import { canonicalJson } from '../src/base/canonical-json.ts';
import { parseJson, type Json, type JsonObject } from '../src/base/json.ts';
import { fold, keyText, observe } from '../src/records/index.ts';
import { newId, NOW, type World } from './store-conformance.ts';
import { deliveryOf, factOf, keyOf, recordAt } from './store-conformance-samples.ts';

/** What a stranger may send and a database may choke on, as JSON text. */
const HOSTILE: Readonly<Record<string, string>> = {
  'a NUL character': String.raw`"a\u0000b"`,
  'a lone high surrogate': String.raw`"\ud800"`,
  'a lone low surrogate in the middle': String.raw`"x\udc00y"`,
  'a character beyond the basic plane': '"🔧"',
  'the largest of doubles': '1e308',
  'a double that JSON writes without exponent': '1e17',
  'a double that JSON writes as digits with a minus': '-123456789012345680000.0',
  'an integer that no double holds': '12345678901234567890123',
  'a tiny number': '5e-324',
  'minus nothing': '-0',
  'a very long string': JSON.stringify('x'.repeat(700_000)),
  'quotes, backslashes and braces': JSON.stringify('"\\{}[],:\n\t\u2028'),
  'keys that are names of things': '{"constructor":1,"toString":2,"__defineGetter__":3,"":4}',
  'deep nesting': `${'['.repeat(60)}1${']'.repeat(60)}`,
};

function jsonOf(text: string): Json {
  const parsed = parseJson(text);
  if ('refused' in parsed) throw new Error(parsed.refused);
  return parsed.value;
}

export function keepsContent({ store, tenant }: World): void {
  it.each(Object.entries(HOSTILE))('keeps %s in a record', async (_what, text) => {
    const tenantId = await tenant();
    const record = recordAt(keyOf('1'), { state: { title: jsonOf(text) }, kept: { unheardOf: jsonOf(text) } });
    await store().transact(tenantId, (tx) => tx.records.write([record]));
    const held = await store().transact(tenantId, (tx) => tx.records.lock([record.key]));
    const found = held.get(keyText(record.key));
    expect(canonicalJson(found?.state)).toBe(canonicalJson(record.state));
    expect(canonicalJson(found?.kept)).toBe(canonicalJson(record.kept));
  });

  it.each(Object.entries(HOSTILE))('sees no change where nothing but %s is read again', async (_what, text) => {
    const tenantId = await tenant();
    const raw: JsonObject = { id: 1, title: jsonOf(text), updatedAt: new Date(NOW).toISOString() };
    for (const nth of [1, 2]) {
      const read = { began: nth * 10, ended: nth * 10 + 1, at: NOW };
      await store().transact(tenantId, async (tx) => {
        const seen = { key: keyOf('1'), source: 'get', read, raw, explainedBy: [] } as const;
        const { events } = await observe(tx.records, [seen], { now: NOW, newId });
        await tx.log.append(events);
      });
    }
    const events = await store().transact(tenantId, (tx) => tx.log.read(0, 10));
    const [held] = await store().transact(tenantId, (tx) => tx.records.page(null, 1));
    expect(events).toHaveLength(1);
    expect(canonicalJson(fold(events)?.state)).toBe(canonicalJson(held?.state));
  });

  it.each(Object.entries(HOSTILE))('keeps the bytes of %s in an event', async (_what, text) => {
    const tenantId = await tenant();
    const event = factOf('work-order.edited', { data: `{ "said" :${text}}` });
    await store().transact(tenantId, (tx) => tx.log.append([event]));
    expect(await store().transact(tenantId, (tx) => tx.log.read(0, 1))).toEqual([{ ...event, seq: 1 }]);
  });

  it.each(Object.entries({ ...HOSTILE, 'no JSON at all': '\u0000\u0001{', nothing: '' }))(
    'keeps the bytes of %s in a delivery',
    async (_what, text) => {
      const tenantId = await tenant();
      const body = Buffer.concat([Buffer.from(text), Buffer.from([0xff, 0x00, 0xc3, 0x28])]);
      await store().accept([{ ...deliveryOf(body), tenantId }]);
      const [kept] = await store().transact(tenantId, (tx) => tx.deliveries.waiting(1));
      expect(Buffer.from(kept?.delivery?.body ?? []).equals(body)).toBe(true);
    },
  );
}
