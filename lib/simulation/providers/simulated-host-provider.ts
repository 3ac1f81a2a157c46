import type { HostProvider, ProcessIdentity } from '../../providers/host-provider';
import type { NodeLife } from '../timeline/node-life';

/** The kernel that all processes of a world have in common, in those worlds that are one machine. */
export interface SharedKernel {
  /** The name of the machine; the empty string where each process has one of its own, and nobody sees the others. */
  readonly machine: string;
  /** True when the process of that number, of the simulated machine of that name, is gone. */
  hasEnded(host: string, pid: number): boolean;
}

/** A life of a simulated machine: its number is that of the life. */
export class SimulatedHostProvider implements HostProvider {
  readonly identity: ProcessIdentity;

  constructor(
    { machine, generation }: NodeLife,
    private readonly kernel: SharedKernel,
  ) {
    this.identity = { host: machine, machine: kernel.machine, pid: generation, startedAt: String(generation) };
  }

  hasEnded({ machine, host, pid }: ProcessIdentity): boolean {
    return machine !== '' && machine === this.kernel.machine && this.kernel.hasEnded(host, pid);
  }

  /** Nobody sends signals to a simulated process: it is shut down by the test, or dies. */
  onSignal(): () => void {
    return () => undefined;
  }
}
