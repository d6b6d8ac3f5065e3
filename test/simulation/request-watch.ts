import type { Exchange } from '../../src/sandbox/in-process.ts';

/** Counts requests, and those that MaintainX had to turn away because more were sent than its window allows. */
export class RequestWatch {
  count = 0;
  /** Answers 429 of the limit itself: the fault plan's never tell a time of one or two digits. */
  beyondLimit = 0;

  sent(): void {
    this.count++;
  }

  answered(exchange: Exchange): void {
    if (exchange.came !== 'answer' || exchange.status !== 429) return;
    if (/^\d{1,2}$/.test(exchange.headers['x-rate-limit-reset'] ?? '')) this.beyondLimit++;
  }
}
