import { readFileSync } from 'node:fs';

const KIB_OF_A_MIB = 1024;

/** Resident memory of a process in MiB: now, and the most it ever had (Linux's VmRSS and VmHWM). */
export function memoryOf(pid: number | undefined): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const line = (name: string): number =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN) / KIB_OF_A_MIB;
  return { now: line('VmRSS'), peak: line('VmHWM') };
}
