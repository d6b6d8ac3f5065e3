import { expect, it } from 'vitest';
import { createWaitingCap } from './waiting-cap.ts';

const CAP = 8_000;
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
const full = expect.objectContaining({ code: 'backlog-full', retryable: true }) as unknown;

function world(): {
  readonly waits: Map<string, number>;
  readonly measured: string[];
  readonly pass: (ms: number) => void;
  readonly take: (tenantId: string, bytes: number) => unknown;
  failing: boolean;
} {
  let now = 0;
  const [waits, measured] = [new Map<string, number>(), [] as string[]];
  const cap = createWaitingCap({
    capBytes: CAP,
    measure: (tenantId) => {
      measured.push(tenantId);
      return one.failing ? Promise.reject(new Error('away')) : Promise.resolve(waits.get(tenantId) ?? 0);
    },
    now: () => now,
  });
  const one = {
    waits,
    measured,
    failing: false,
    pass: (ms: number): void => void (now += ms),
    take: (tenantId: string, bytes: number): unknown => {
      try {
        cap(tenantId, bytes);
        waits.set(tenantId, (waits.get(tenantId) ?? 0) + bytes);
        return 'taken';
      } catch (error) {
        return error;
      }
    },
  };
  return one;
}

it('refuses a tenant whose webhooks wait beyond the cap, and no other', async () => {
  const { take, pass, waits } = world();
  let taken = 0;
  while (taken < 100 && take('flood', 500) === 'taken') {
    taken++;
    pass(1);
    await settled();
  }
  expect(waits.get('flood')).toBeGreaterThanOrEqual(CAP);
  expect(waits.get('flood')).toBeLessThanOrEqual(CAP + CAP / 8 + 500);
  expect(take('flood', 1)).toEqual(full);
  expect(take('quiet', 500)).toBe('taken');
});

it('takes in again when enough was processed, and looks for that every two seconds alone', async () => {
  const { take, pass, waits, measured } = world();
  waits.set('flood', CAP);
  take('flood', CAP / 8);
  await settled();
  for (let nth = 0; nth < 10; nth++) expect(take('flood', 1)).toEqual(full);
  expect(measured).toHaveLength(1);
  waits.set('flood', 0);
  pass(2_000);
  take('flood', 1);
  await settled();
  expect(take('flood', 1)).toBe('taken');
  expect(measured).toHaveLength(2);
});

it('asks for no sum while little comes, and refuses nobody because none can be had', async () => {
  const plants = world();
  for (let nth = 0; nth < 9; nth++) plants.take('plant', 100);
  expect(plants.measured).toEqual([]);
  plants.failing = true;
  for (let nth = 0; nth < 50; nth++) {
    plants.pass(1);
    expect(plants.take('plant', 100)).toBe('taken');
    await settled();
  }
  expect(plants.measured.length).toBeGreaterThan(0);
});
