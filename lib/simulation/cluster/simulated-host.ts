import { MoonpoolError } from '../../errors/moonpool-error';
import type { NodeLife } from '../timeline/node-life';
import type { FlowListenOptions } from '../../rpc/flow-options';
import { asEvent } from './cluster-verbs';
import { LONGEST_RECONNECT_MS } from '../world/simulated-application';
import type { Death, SimulatedMachine } from '../world/simulated-machine';
import type { SimulatedWorld } from '../world/simulated-world';
import { simulatedWorldModule } from '../world/simulated-world-module';

/** The port on which the process of a host listens. */
const PORT = 5_000;

/** A machine of the simulated world whose process the test starts itself. */
export class SimulatedHost {
  constructor(
    private readonly world: SimulatedWorld,
    private readonly machine: SimulatedMachine,
    private readonly testLife: NodeLife,
  ) {}

  get name(): string {
    return this.machine.name;
  }

  /** Where its process listens, if it does. */
  get address(): string {
    return `${this.machine.host}:${PORT}`;
  }

  /** True while there is a process. */
  get isOn(): boolean {
    return this.machine.life !== undefined;
  }

  /**
   * Starts a process, and returns what makes a transport part of it: `FlowTransport.listen(host.boot())`, or
   * `FlowTransport.open(host.boot())`. @throws MoonpoolError SIMULATION_FAILED when there is a process already.
   */
  boot(): Required<Pick<FlowListenOptions, 'name' | 'listen' | 'modules' | 'transport'>> {
    if (this.isOn)
      throw new MoonpoolError('SIMULATION_FAILED', {
        message: `The host ${this.name} was booted, and its process still runs`,
        remedy: 'Let its process end, or crash it, before it is booted again.',
      });
    const life = this.machine.boot();
    return {
      name: this.name,
      listen: this.address,
      transport: { reconnectMaxMs: LONGEST_RECONNECT_MS },
      modules: [simulatedWorldModule(this.world, this.machine, life)],
    };
  }

  /**
   * The process dies: nothing of it happens any more, and what waits in it never settles.
   * @param how `process`: the other sides of its connections are told; `power`: silence. Default: `process`.
   */
  crash(how: Death = 'process'): Promise<void> {
    return asEvent(this.world, this.testLife, () => this.machine.kill(how));
  }
}
