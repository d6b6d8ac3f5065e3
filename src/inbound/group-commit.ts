import { raise } from '../errors.ts';

/** Something of a tenant that is to be stored. */
interface Item {
  readonly tenantId: string;
  readonly body: { readonly length: number };
}

export interface GroupCommitOptions<One> {
  /** Stores all of them durably, or none. */
  readonly store: (items: readonly One[]) => Promise<void>;
  /** Whether a failure was about what was stored: then one of the items may be at fault, and the others are not. */
  readonly isTheirFault: (error: unknown) => boolean;
}

export interface GroupCommit<One> {
  /** Resolves when the item is stored. Rejects with `intake-full`, nothing stored, when too much waits already. */
  add(item: One): Promise<void>;
}

/** Most that one commit takes: more would make the last one wait longer than the next commit. */
const MOST_ITEMS = 500;
const MOST_BYTES = 2 * 1024 * 1024;
/** What may wait in memory, of all and of one tenant: a flood of one must not turn away the others. */
const BUFFER_BYTES = 64 * 1024 * 1024;
const TENANT_BYTES = BUFFER_BYTES / 4;
/** Besides its body, an item costs about so much. */
const OVERHEAD_BYTES = 1_024;

interface Waiting<One> {
  readonly item: One;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Many callers share one statement and its commit, whose cost is then paid once for all of them. */
export function createGroupCommit<One extends Item>({
  store,
  isTheirFault,
}: GroupCommitOptions<One>): GroupCommit<One> {
  const queue: Waiting<One>[] = [];
  const bytesOf = new Map<string, number>();
  let [allBytes, isBusy] = [0, false];

  const hold = (item: One, sign: 1 | -1): void => {
    const bytes = sign * costOf(item);
    allBytes += bytes;
    const left = (bytesOf.get(item.tenantId) ?? 0) + bytes;
    if (left <= 0) bytesOf.delete(item.tenantId);
    else bytesOf.set(item.tenantId, left);
  };
  const refuseWhenFull = (item: One): void => {
    const bytes = costOf(item);
    if (allBytes + bytes > BUFFER_BYTES || (bytesOf.get(item.tenantId) ?? 0) + bytes > TENANT_BYTES)
      throw raise('intake-full', 'more webhooks wait to be stored than fit into memory');
  };

  /**
   * One commit at a time, of what came in the same turn of the event loop and while the one before was written: two at once
   * are smaller each, and what they cost together takes more from the receiver than they gain.
   */
  const plan = (): void => {
    if (isBusy || queue.length === 0) return;
    isBusy = true;
    setImmediate(() => void commit(nextGroup(queue)));
  };
  const commit = async (group: readonly Waiting<One>[]): Promise<void> => {
    await storeOrSplit(group, store, isTheirFault);
    isBusy = false;
    plan();
  };
  return {
    add: (item) =>
      new Promise<void>((resolve, reject) => {
        refuseWhenFull(item);
        hold(item, 1);
        const settle = (end: () => void): void => {
          hold(item, -1);
          end();
        };
        queue.push({ item, done: () => settle(resolve), failed: (error) => settle(() => reject(error)) });
        plan();
      }),
  };
}

const costOf = ({ body }: Item): number => body.length + OVERHEAD_BYTES;

function nextGroup<One extends Item>(queue: Waiting<One>[]): readonly Waiting<One>[] {
  let [count, bytes] = [0, 0];
  for (const { item } of queue) {
    bytes += item.body.length;
    if (count > 0 && (count === MOST_ITEMS || bytes > MOST_BYTES)) break;
    count++;
  }
  return queue.splice(0, count);
}

/** Whoever is at fault fails alone. Never rejects. */
async function storeOrSplit<One>(
  group: readonly Waiting<One>[],
  store: (items: readonly One[]) => Promise<void>,
  isTheirFault: (error: unknown) => boolean,
): Promise<void> {
  try {
    await store(group.map(({ item }) => item));
    for (const { done } of group) done();
  } catch (error) {
    if (group.length === 1 || !isTheirFault(error)) return group.forEach(({ failed }) => failed(error));
    const middle = Math.ceil(group.length / 2);
    await storeOrSplit(group.slice(0, middle), store, isTheirFault);
    await storeOrSplit(group.slice(middle), store, isTheirFault);
  }
}
