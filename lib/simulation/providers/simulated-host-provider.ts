import type { HostProvider, ProcessIdentity } from '../../providers/host-provider';
import type { NodeLife } from '../timeline/node-life';

/** A life of a simulated machine: its number is that of the life, and no kernel says more of it. */
export class SimulatedHostProvider implements HostProvider {
  readonly identity: ProcessIdentity;

  constructor({ machine, generation }: NodeLife) {
    this.identity = { host: machine, machine: '', pid: generation, startedAt: '' };
  }

  /** Nobody sends signals to a simulated process: it is shut down by the test, or dies. */
  onSignal(): () => void {
    return () => undefined;
  }
}
