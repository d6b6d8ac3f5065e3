import { describe, expect, it } from 'vitest';
import { createGroupCommit } from './group-commit.ts';

interface Item {
  readonly tenantId: string;
  readonly body: Uint8Array;
}

const item = (text: string, tenantId = 't'): Item => ({ tenantId, body: Buffer.from(text) });
const large = (tenantId: string): Item => ({ tenantId, body: Buffer.alloc(1024 * 1024) });
const textOf = ({ body }: Item): string => Buffer.from(body).toString();
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** A store whose commits end when they are told to. */
function slowStore() {
  const commits: { readonly items: readonly Item[]; end(error?: Error): void }[] = [];
  const store = (items: readonly Item[]): Promise<void> =>
    new Promise((resolve, reject) => {
      commits.push({ items, end: (error) => (error === undefined ? resolve() : reject(error)) });
    });
  return { commits, store };
}

const outcome = (added: Promise<void>): Promise<unknown> =>
  added.then(
    () => 'stored',
    (error: unknown) => error,
  );

describe('a group commit', () => {
  it('stores together what comes together, and tells nobody before it is stored', async () => {
    const { commits, store } = slowStore();
    const group = createGroupCommit<Item>({ store, isTheirFault: () => true });
    let told = 0;
    const all = Array.from({ length: 50 }, (_, nth) => group.add(item(`${nth}`)).then(() => told++));
    await turn();
    expect(commits.map(({ items }) => items.length)).toEqual([50]);
    expect(told).toBe(0);
    commits[0]?.end();
    await Promise.all(all);
    expect(commits[0]?.items.map(textOf)).toEqual(Array.from({ length: 50 }, (_, nth) => `${nth}`));
  });

  it('gathers what comes while a commit is under way, in order, so much at once and no more', async () => {
    const { commits, store } = slowStore();
    const group = createGroupCommit<Item>({ store, isTheirFault: () => true });
    const all = [group.add(item('early'))];
    await turn();
    for (let nth = 0; nth < 700; nth++) all.push(group.add(item(`${nth}`)));
    await turn();
    expect(commits).toHaveLength(1);
    for (let nth = 0; nth < 3; nth++) {
      commits[nth]?.end();
      await turn();
      await turn();
    }
    expect(commits.map(({ items }) => items.length)).toEqual([1, 500, 200]);
    await Promise.all(all);
    expect(commits.slice(1).flatMap(({ items }) => items.map(textOf))).toEqual(
      Array.from({ length: 700 }, (_, nth) => `${nth}`),
    );
  });

  it('lets the one at fault fail alone', async () => {
    const stored: string[] = [];
    const store = (items: readonly Item[]): Promise<void> => {
      if (items.some((one) => textOf(one) === 'bad')) return Promise.reject(new Error('bad'));
      stored.push(...items.map(textOf));
      return Promise.resolve();
    };
    const group = createGroupCommit<Item>({ store, isTheirFault: () => true });
    const texts = ['a', 'b', 'bad', 'c', 'd'];
    const outcomes = await Promise.all(texts.map((text) => outcome(group.add(item(text)))));
    expect(outcomes).toEqual(['stored', 'stored', new Error('bad'), 'stored', 'stored']);
    expect(stored.sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('fails all at once when the store is away, and works again once it is back', async () => {
    let isAway = true;
    let tries = 0;
    const store = (): Promise<void> => (tries++, isAway ? Promise.reject(new Error('away')) : Promise.resolve());
    const group = createGroupCommit<Item>({ store, isTheirFault: () => false });
    const outcomes = await Promise.all(['a', 'b', 'c'].map((text) => outcome(group.add(item(text)))));
    expect([outcomes, tries]).toEqual([[new Error('away'), new Error('away'), new Error('away')], 1]);
    isAway = false;
    expect(await outcome(group.add(item('d')))).toBe('stored');
  });

  it('refuses what does not fit into memory, of one tenant first, and takes more once there is room', async () => {
    const { commits, store } = slowStore();
    const group = createGroupCommit<Item>({ store, isTheirFault: () => true });
    const added = (tenantId: string, count: number) =>
      Array.from({ length: count }, () => outcome(group.add(large(tenantId))));
    const refused = { code: 'intake-full' };
    const flood = added('one', 20);
    const others = ['two', 'three', 'four', 'five'].map((tenantId) => added(tenantId, 15));
    await turn();
    for (const settled of await Promise.all(flood.slice(15))) expect(settled).toMatchObject(refused);
    expect(await others[3]?.at(-1)).toMatchObject(refused);
    for (let nth = 0; nth < 100 && commits.length > nth; nth++) {
      commits[nth]?.end();
      await turn();
      await turn();
    }
    expect(await Promise.all([...flood.slice(0, 15), ...(others[0] ?? [])])).toEqual(
      Array.from({ length: 30 }, () => 'stored'),
    );
    const again = outcome(group.add(large('one')));
    await turn();
    commits.at(-1)?.end();
    expect(await again).toBe('stored');
  });
});
