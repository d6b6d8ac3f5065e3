import { Socket } from 'node:net';

type Sent = (error?: Error | null) => void;

/**
 * A socket that sends what is written in one turn of the event loop with one call into the system, at the end of that turn. On the
 * way to a database such a call, which wakes the server's process, costs more than most statements cost here.
 */
export class GatheringSocket extends Socket {
  #isGathering = false;

  override write(data: Uint8Array | string, sent?: Sent): boolean;
  override write(data: Uint8Array | string, encoding?: BufferEncoding, sent?: Sent): boolean;
  override write(data: Uint8Array | string, encoding?: BufferEncoding | Sent, sent?: Sent): boolean {
    this.#gather();
    return typeof encoding === 'function' ? super.write(data, encoding) : super.write(data, encoding, sent);
  }

  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.cork();
    process.nextTick(() => {
      this.#isGathering = false;
      this.uncork();
    });
  }
}
