/** Lets each tenant have so many of something at once; who wants more waits for its own to be over, and nobody waits for it. */
export interface TenantTurns {
  /**
   * Resolves when it is the tenant's turn, with what to call when it is over; in the order of asking. Undefined: `signal`
   * aborted before.
   */
  take(tenantId: string, most: number, signal: AbortSignal): Promise<(() => void) | undefined>;
  /** The same without waiting; undefined: it has as many as it may have. */
  tryTake(tenantId: string, most: number): (() => void) | undefined;
}

interface Line {
  under: number;
  readonly waiting: (() => void)[];
}

export function createTenantTurns(): TenantTurns {
  const lines = new Map<string, Line>();
  const lineOf = (tenantId: string): Line => {
    const known = lines.get(tenantId) ?? { under: 0, waiting: [] };
    lines.set(tenantId, known);
    return known;
  };
  const end = (tenantId: string): void => {
    const line = lineOf(tenantId);
    const next = line.waiting.shift();
    // Whoever waited takes the place that was left.
    if (next !== undefined) return next();
    line.under--;
    if (line.under === 0) lines.delete(tenantId);
  };
  const onceOnly = (tenantId: string): (() => void) => {
    let isOver = false;
    return () => {
      if (!isOver) end(tenantId);
      isOver = true;
    };
  };
  const tryTake = (tenantId: string, most: number): (() => void) | undefined => {
    const line = lineOf(tenantId);
    if (line.under >= most || line.waiting.length > 0) return undefined;
    line.under++;
    return onceOnly(tenantId);
  };
  return {
    tryTake,
    take: (tenantId, most, signal) =>
      new Promise((resolve) => {
        const free = tryTake(tenantId, most);
        if (free !== undefined || signal.aborted) return resolve(free);
        const { waiting } = lineOf(tenantId);
        const go = (): void => {
          signal.removeEventListener('abort', giveUp);
          resolve(onceOnly(tenantId));
        };
        const giveUp = (): void => {
          waiting.splice(waiting.indexOf(go), 1);
          resolve(undefined);
        };
        waiting.push(go);
        signal.addEventListener('abort', giveUp, { once: true });
      }),
  };
}
