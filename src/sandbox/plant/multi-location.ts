/** FACTS 2.4 says "temporarily"; how long that is nobody knows. */
const OFF_FOR_MS = 86_400_000;

/**
 * FACTS 2.4, safety switch: whoever writes the deprecated stock fields turns multi-location parts off for the whole
 * organisation for a while.
 */
export class MultiLocationParts {
  #offUntil = 0;

  switchOff(now: number): void {
    this.#offUntil = now + OFF_FOR_MS;
  }

  /** When they come back; undefined while they are on. */
  offUntil(now: number): number | undefined {
    return now < this.#offUntil ? this.#offUntil : undefined;
  }
}
