import { readFileSync } from 'node:fs';

/** Resident memory of a process in megabytes. Linux only, as all of this file. */
export function megabytesOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1024);
}

const TICKS_PER_SECOND = 100;

/** Processor seconds that a process has used, in user mode and for the system. */
export function cpuSecondsOf(pid: number): number {
  // The second field is the program's name in brackets and may hold blanks; utime and stime are the 14th and 15th.
  const [, after = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = after.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
