import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../base/canonical-json.ts';
import { objectOf, parseJson, type JsonObject } from '../base/json.ts';
import { comparedFields, kindEntry, KINDS } from '../maintainx/index.ts';
import { isEmpty, normalize, sameValue, timeOf } from './normalize.ts';

describe('a list row', () => {
  it('speaks for the fields of the list only', () => {
    const { state } = normalize('purchase-order', 'list', { id: 7, status: 'APPROVED', note: 'not from a list' });
    expect(state).toEqual({ id: 7, status: 'APPROVED', updatedAt: null, createdAt: null });
  });

  it('makes null of what the source carries and omits', () => {
    const { state } = normalize('category', 'list', { id: 1 });
    expect(state).toEqual({ id: 1, label: null, description: null });
  });
});

describe('the classes of fields', () => {
  it('reduces an embedded record to its id', () => {
    const { state } = normalize('meter', 'list', {
      id: 1,
      asset: { id: 5, name: 'Press', updatedAt: 'later' },
      lastReading: { id: 9, value: 3, readingDate: 'd', creator: { id: 2 } },
    });
    expect(state).toMatchObject({ assetId: 5, lastReading: { id: 9, value: 3, readingDate: 'd' } });
    expect(state).not.toHaveProperty('asset');
  });

  it('reads an embedded id from the list as the bare id from a single read', () => {
    const listed = normalize('meter', 'list', { id: 1, asset: { id: 5 } }).state;
    const single = normalize('meter', 'get', { id: 1, assetId: 5 }).state;
    expect(listed['assetId']).toEqual(single['assetId']);
  });

  it('reduces each of a list of embedded records, and ignores their order', () => {
    const one = { id: 1, quantityUsed: 2, name: 'Belt' };
    const other = { id: 2, quantityUsed: 1, name: 'Bearing' };
    const parts = (...all: JsonObject[]) => normalize('work-order', 'list', { parts: all }).state['parts'];
    expect(parts(one, other)).toEqual(parts({ ...other, name: 'Renamed' }, one));
    expect(parts(one)).toEqual([{ id: 1, quantityUsed: 2, locationId: null, copyOnRecurring: null }]);
  });

  it('ignores the order of sets', () => {
    const types = (...assetTypes: string[]) => normalize('asset', 'get', { assetTypes }).state;
    expect(types('Pump', 'Motor')).toEqual(types('Motor', 'Pump'));
    expect(types('Pump')).not.toEqual(types('Motor'));
  });

  it('keeps the order of what is no set', () => {
    const extra = (...values: string[]) => normalize('asset', 'get', { extraFields: { values } }).state;
    expect(extra('a', 'b')).not.toEqual(extra('b', 'a'));
  });

  it('drops host, query and signature of a link, wherever it stands', () => {
    const link = (host: string, signature: string) => `https://${host}/files/a%20b.png?X-Amz-Signature=${signature}`;
    const seen = (host: string, signature: string) =>
      normalize('asset', 'get', {
        thumbnail: { url: link(host, signature), width: 10 },
        attachments: [{ id: 1, url: link(host, signature) }],
      }).state;
    expect(seen('a.example', '1')).toEqual(seen('b.example', '2'));
    expect(seen('a.example', '1')['thumbnail']).toEqual({ url: '/files/a%20b.png', width: 10 });
  });

  it('keeps derived fields and never compares them', () => {
    const { state, kept } = normalize('work-order', 'get', { id: 1, partsAvailability: 'PARTS_AVAILABLE' });
    expect(state).not.toHaveProperty('partsAvailability');
    expect(kept).toEqual({ partsAvailability: 'PARTS_AVAILABLE' });
  });

  it('ignores volatile fields altogether', () => {
    const { state, kept } = normalize('user', 'get', { id: 1, lastVisitedAt: '2026-09-16T00:00:00.000Z' });
    expect({ ...state, ...kept }).not.toHaveProperty('lastVisitedAt');
  });

  it('keeps fields that the catalogue does not know, whatever they are called', () => {
    const raw = objectOf(valueOf('{"id":1,"brandNew":{"a":1},"constructor":2,"toString":[3],"valueOf":null}'));
    const { state, kept } = normalize('asset', 'get', raw);
    expect(kept).toEqual({ brandNew: { a: 1 }, constructor: 2, toString: [3], valueOf: null });
    expect(state).not.toHaveProperty('brandNew');
  });

  it('does not keep what another source of the kind compares', () => {
    const { state, kept } = normalize('purchase-order', 'list', { id: 7, title: 'Belts' });
    expect(kept).toEqual({});
    expect(state).not.toHaveProperty('title');
  });
});

describe('two values', () => {
  it('mean the same when both are nothing: null, no elements, no members', () => {
    for (const left of [null, undefined, [], {}])
      for (const right of [null, undefined, [], {}]) expect(sameValue(left, right)).toBe(true);
    for (const something of [0, '', false, [null], { a: null }]) {
      expect(isEmpty(something)).toBe(false);
      expect(sameValue(null, something)).toBe(false);
    }
  });

  it('mean the same whatever the order of their keys', () => {
    expect(sameValue({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true);
    expect(sameValue({ a: 1 }, { a: '1' })).toBe(false);
  });
});

describe('times', () => {
  it('are epoch milliseconds of ISO texts', () => {
    expect(timeOf('2026-09-16T12:00:00.000Z')).toBe(Date.UTC(2026, 8, 16, 12));
    expect(timeOf('2026-09-16T14:00:00+02:00')).toBe(Date.UTC(2026, 8, 16, 12));
  });

  it.each([
    null,
    undefined,
    7,
    '',
    'soon',
    {},
    '-271821-04-20T00:00:00.000Z',
    '+275760-09-13T00:00:00.000Z',
    '0001-01-01',
  ])('are null for %j, which no database gives back as it was', (value) => {
    expect(timeOf(value)).toBeNull();
  });
});

describe('whatever MaintainX sends', () => {
  const anything = fc.dictionary(
    fc.oneof(fc.constantFrom(...KINDS.flatMap((kind) => kindEntry(kind).get.fields)), fc.string()),
    fc.jsonValue(),
  );
  const sources = fc.constantFrom('list', 'get');

  it('is read without an exception and speaks for exactly the compared fields of its source', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), sources, anything, (kind, source, sent) => {
        const raw = objectOf(valueOf(JSON.stringify(sent)));
        const { state } = normalize(kind, source, raw);
        expect(Object.keys(state).sort()).toEqual([...comparedFields(kindEntry(kind), kindEntry(kind)[source])].sort());
      }),
    );
  });

  it('reads the same in whatever order its keys come', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), sources, anything, (kind, source, sent) => {
        const raw = objectOf(valueOf(JSON.stringify(sent)));
        const turned = Object.fromEntries(Object.entries(raw).reverse());
        const [one, other] = [normalize(kind, source, raw), normalize(kind, source, turned)];
        expect(canonicalJson(one.state)).toBe(canonicalJson(other.state));
        expect(canonicalJson(one.kept)).toBe(canonicalJson(other.kept));
      }),
    );
  });
});

function valueOf(text: string) {
  const parsed = parseJson(text);
  return 'value' in parsed ? parsed.value : null;
}
