import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { HostProvider, ProcessIdentity, ProcessSignal } from '../host-provider';

/** This process, by what the kernel says of it. Only Linux tells boots and lives of processes apart. */
export class NodeHostProvider implements HostProvider {
  readonly identity: ProcessIdentity = {
    host: hostname(),
    machine: thisMachine(),
    pid: process.pid,
    startedAt: processStatus(process.pid)?.startedAt ?? '',
  };

  hasEnded({ machine, pid, startedAt }: ProcessIdentity): boolean {
    if (machine === '' || startedAt === '' || machine !== this.identity.machine) return false;
    const status = processStatus(pid);
    // One that is dead is listed until it was waited for; and a number is given again to another process.
    if (status !== undefined) return DEAD.has(status.state) || status.startedAt !== startedAt;
    // The kernel may hide what it says of the processes of other users, and not whether there is one.
    return !isThere(pid);
  }

  onSignal(signal: ProcessSignal, listener: () => void): () => void {
    process.on(signal, listener);
    return () => void process.removeListener(signal, listener);
  }
}

/** The states of a process that is dead. */
const DEAD: ReadonlySet<string> = new Set(['Z', 'X', 'x']);

function isThere(pid: number): boolean {
  try {
    // Signal 0 is none: it only asks whether one could be sent.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** What the kernel says of a process. */
export interface ProcessStatus {
  /** One letter: `T` stands still under SIGSTOP, `Z` is dead and was not waited for. */
  readonly state: string;
  /** In ticks since the machine started. */
  readonly startedAt: string;
}

/** Undefined when there is no such process, or no such kernel. */
export function processStatus(pid: number): ProcessStatus | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name of the program stands in brackets and may hold anything; what follows the last of them has fixed places.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state, startedAt] = [fields[0], fields[19]];
    return state === undefined || startedAt === undefined ? undefined : { state, startedAt };
  } catch {
    return undefined;
  }
}

function thisMachine(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return '';
  }
}
