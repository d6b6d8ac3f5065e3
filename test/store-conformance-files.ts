import { expect, it } from 'vitest';
import type { FileOwner, FileRef, FileStatements } from '../src/files/index.ts';
import { HOUR, NOW, type World } from './store-conformance.ts';
import { keyOf } from './store-conformance-samples.ts';

const file = (name: string): FileRef => ({ path: `/files/${name}`, fileName: name, mimeType: 'image/png' });
const A = keyOf('1');
const B = keyOf('2', 'asset');
const STORED = { sha256: 'ab'.repeat(32), bytes: 7, contentType: 'image/png' };

export function keepsFiles({ store, tenant }: World): void {
  const filesOf = async () => {
    const tenantId = await tenant();
    return <Result>(work: (files: FileStatements) => Promise<Result>): Promise<Result> =>
      store().transact(tenantId, (tx) => work(tx.files));
  };
  const names = (all: readonly { readonly path: string }[]): readonly string[] => all.map(({ path }) => path);

  it('wants what records have, and loses what they have no more', async () => {
    const files = await filesOf();
    await files((on) =>
      on.note(
        [
          { owner: A, files: [file('a'), file('b')] },
          { owner: B, files: [file('a')] },
        ],
        NOW,
      ),
    );
    expect(names(await files((on) => on.wanted(A, NOW)))).toEqual(['/files/a', '/files/b']);
    await files((on) => on.note([{ owner: A, files: [file('b'), file('c')] }], NOW + 1));
    expect(names(await files((on) => on.wanted(A, NOW + 1)))).toEqual(['/files/b', '/files/c']);
    expect(names(await files((on) => on.wanted(B, NOW + 1)))).toEqual(['/files/a']);
    await files((on) => on.note([{ owner: A, files: [] }], NOW + 2));
    expect(await files((on) => on.wanted(A, NOW + 2))).toEqual([]);
    expect((await files((on) => on.page(null, 10, A))).map(({ lostAt }) => lostAt)).toEqual([
      NOW + 1,
      NOW + 2,
      NOW + 2,
    ]);
    await files((on) => on.note([{ owner: A, files: [file('b')] }], NOW + 3));
    expect(await files((on) => on.wanted(A, NOW + 3))).toMatchObject([{ ...file('b'), lostAt: null, state: 'wanted' }]);
    await files((on) => on.note([], NOW + 4));
    expect(await files((on) => on.counts())).toEqual({ wanted: 2, stored: 0, givenUp: 0, bytes: 0 });
  });

  it('keeps what is stored, though its record loses it', async () => {
    const files = await filesOf();
    await files((on) => on.note([{ owner: A, files: [file('a'), file('b')] }], NOW));
    await files((on) => on.keep(A, '/files/a', STORED, NOW + 5));
    await files((on) => on.note([{ owner: A, files: [file('b')] }], NOW + 6));
    const [kept] = await files((on) => on.page(null, 10));
    expect(kept).toEqual({
      owner: A,
      ...file('a'),
      state: 'stored',
      stored: STORED,
      attempts: 0,
      reason: null,
      lostAt: NOW + 6,
    });
    expect(await files((on) => on.counts())).toEqual({ wanted: 1, stored: 1, givenUp: 0, bytes: 7 });
  });

  it('postpones what failed, and leaves alone what was given up', async () => {
    const files = await filesOf();
    await files((on) => on.note([{ owner: A, files: [file('a'), file('b')] }], NOW));
    await files((on) => on.postpone(A, '/files/a', 'down', NOW + HOUR));
    await files((on) => on.giveUp(A, '/files/b', 'too large'));
    expect(await files((on) => on.wanted(A, NOW + HOUR - 1))).toEqual([]);
    expect(await files((on) => on.wanted(A, NOW + HOUR))).toMatchObject([{ attempts: 1, reason: 'down' }]);
    await files((on) => on.note([{ owner: A, files: [file('a'), file('b')] }], NOW + HOUR));
    expect(await files((on) => on.page(null, 10))).toMatchObject([
      { state: 'wanted', attempts: 1 },
      { state: 'given-up', reason: 'too large' },
    ]);
    expect(await files((on) => on.counts())).toMatchObject({ wanted: 1, givenUp: 1 });
  });

  it('tells which records have files that are due, longest due first, each once', async () => {
    const files = await filesOf();
    const C = keyOf('3');
    const due = (now: number, limit = 10): Promise<readonly FileOwner[]> => files((on) => on.due(now, limit));
    await files((on) => on.note([{ owner: A, files: [file('a'), file('b')] }], NOW + 2));
    await files((on) => on.note([{ owner: B, files: [file('a')] }], NOW + 1));
    await files((on) => on.note([{ owner: C, files: [file('c')] }], NOW + 9));
    expect(await due(NOW)).toEqual([]);
    expect(await due(NOW + 2)).toEqual([B, A]);
    expect(await due(NOW + 9, 2)).toEqual([B, A]);
    await files((on) => on.keep(B, '/files/a', STORED, NOW + 9));
    expect(await due(NOW + 9)).toEqual([A, C]);
  });

  it('gives them page by page, all or those of one record', async () => {
    const files = await filesOf();
    await files((on) =>
      on.note(
        [
          { owner: A, files: [file('b'), file('a')] },
          { owner: B, files: [file('c')] },
        ],
        NOW,
      ),
    );
    const first = await files((on) => on.page(null, 2));
    expect(names(first)).toEqual(['/files/c', '/files/a']);
    const rest = await files((on) => on.page(first.at(-1) ?? null, 2));
    expect(names(rest)).toEqual(['/files/b']);
    expect(names(await files((on) => on.page(null, 9, { kind: 'asset', recordId: '2' })))).toEqual(['/files/c']);
    expect(await files((on) => on.page(null, 9, { kind: 'asset', recordId: '1' }))).toEqual([]);
  });
}
