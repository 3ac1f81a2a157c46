import { token } from '../injection/token';

/** One process, distinguished from every other that ever had its number on its machine. */
export interface ProcessIdentity {
  /** The name of the machine, for people. */
  readonly host: string;
  /** One boot of the machine, and the space of process numbers in it; the empty string where that cannot be learnt. */
  readonly machine: string;
  /** The number of the process. */
  readonly pid: number;
  /** When the process started, as its machine counts; the empty string where that cannot be learnt. */
  readonly startedAt: string;
}

/** What a process can be asked by, and may answer as it likes: not SIGKILL and SIGSTOP, which it never sees. */
export type ProcessSignal = (typeof PROCESS_SIGNALS)[number];
export const PROCESS_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGBREAK', 'SIGUSR2'] as const;

/** The machine and the process that a runtime lives in. */
export interface HostProvider {
  readonly identity: ProcessIdentity;
  /**
   * True when it is certain that the process has ended: it was one of this machine, and is there no more. False when it runs or stands still, and
   * whenever that cannot be known, as of processes of other machines.
   */
  hasEnded(other: ProcessIdentity): boolean;
  /** Has the listener called with each such signal, in place of what it would do to the process. @returns what ends that. */
  onSignal(signal: ProcessSignal, listener: () => void): () => void;
}
export const HostProvider = token<HostProvider>('HostProvider');

/** The process as messages name it. */
export function describeProcess({ pid, host }: ProcessIdentity): string {
  return `process ${pid} on ${host}`;
}
