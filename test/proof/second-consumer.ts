import { pause, type Plant } from './plant.ts';

/** Somebody else who uses the same user: so many requests a window, evenly, whatever the answers are. */
export function startSecondConsumer(
  { url, apiKey }: Pick<Plant, 'url' | 'apiKey'>,
  perWindow: number,
  windowMs: number,
): { stop(): Promise<void> } {
  let isStopping = false;
  const strand = async (): Promise<void> => {
    while (!isStopping && perWindow > 0) {
      const headers = { authorization: `Bearer ${apiKey}`, 'user-agent': 'second consumer' };
      await fetch(`${url}/users?limit=1`, { headers })
        .then((answer) => answer.text())
        .catch(() => undefined);
      await pause(windowMs / perWindow);
    }
  };
  const running = strand();
  return {
    stop: () => {
      isStopping = true;
      return running;
    },
  };
}
