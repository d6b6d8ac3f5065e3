import { totalmem } from 'node:os';

const MIB = 1024 * 1024;
const LEAST = 128 * MIB;
const MOST = 1024 * MIB;

/**
 * What the server may keep of its tables in memory, in MiB: an eighth of what the machine, or the container, has. Where a flood of
 * webhooks is larger than that, each of them waits until an older page was written to make room.
 */
export function sharedBuffers(machine = totalmem(), container = process.constrainedMemory()): number {
  // Node.js says 0, or more than the machine has, where no container sets a limit.
  const memory = container > 0 ? Math.min(container, machine) : machine;
  return Math.floor(Math.min(MOST, Math.max(LEAST, memory / 8)) / MIB);
}
