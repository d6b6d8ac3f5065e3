import { pause, type Plant } from './plant.ts';

/** Somebody else who uses the same user: so many requests a window, evenly, whatever the answers are. */
export function startSecondConsumer(
  { url, apiKey }: Pick<Plant, 'url' | 'apiKey'>,
  perWindow: number,
  windowMs: number,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const strand = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const headers = { authorization: `Bearer ${apiKey}`, 'user-agent': 'second consumer' };
      await fetch(`${url}/users?limit=1`, { headers })
        .then((answer) => answer.text())
        .catch(() => undefined);
      await pause(windowMs / perWindow);
    }
  };
  const running = perWindow > 0 ? strand() : Promise.resolve();
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}
