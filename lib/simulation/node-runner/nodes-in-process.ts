import type { TimeProvider } from '../../providers/time-provider';
import { ActorRuntime } from '../../runtime/actor-runtime';
import type { Nemesis } from '../workloads/nemesis';
import { realOptions, type NodeApplication, type NodeSetting } from './node-setting';
import { ANY_PORT, RESTART_MS, type RealNodes } from './real-nodes';

interface Place {
  readonly name: string;
  address: string;
  runtime: ActorRuntime | undefined;
}

/** Nodes that share this process, each with its own runtime and its own sockets. They cannot be killed, for that would end all. */
export class NodesInProcess implements RealNodes {
  readonly nemesis: Nemesis;
  private readonly places: readonly Place[];
  private isStopping = false;
  private readonly starting = new Set<Promise<void>>();

  constructor(
    count: number,
    private readonly setting: NodeSetting,
    private readonly application: NodeApplication,
    private readonly time: TimeProvider,
  ) {
    this.places = Array.from({ length: count }, (_, index) => ({
      name: `node${index + 1}`,
      address: ANY_PORT,
      runtime: undefined,
    }));
    this.nemesis = { nodeCount: count };
  }

  get addresses(): readonly string[] {
    return this.places.map(({ address }) => address);
  }

  async start(): Promise<void> {
    await Promise.all(this.places.map((place) => this.startNode(place)));
  }

  async allRun(): Promise<void> {
    while (this.places.some(({ runtime }) => runtime === undefined)) await this.time.sleep(20);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    // A node that is still starting would outlive the run, and make its files again.
    await Promise.allSettled(this.starting);
    await Promise.all(this.places.map(({ runtime }) => runtime?.shutdown()));
  }

  private startNode(place: Place): Promise<void> {
    const start = this.makeNode(place);
    this.starting.add(start);
    return start.finally(() => this.starting.delete(start));
  }

  private async makeNode(place: Place): Promise<void> {
    const options = { ...realOptions(place.name, this.setting, this.application), listen: place.address };
    const runtime = await ActorRuntime.start(options);
    place.runtime = runtime;
    place.address = runtime.address;
    void runtime.terminated.then(() => this.onTerminated(place));
  }

  /** A machine that is too busy may cost a node its lease: then it starts again, as under any supervisor. */
  private async onTerminated(place: Place): Promise<void> {
    place.runtime = undefined;
    while (!this.isStopping && place.runtime === undefined) {
      await this.time.sleep(RESTART_MS);
      if (this.isStopping) return;
      // Whatever keeps it from starting now may have passed the next time; the run has a limit of its own.
      await this.startNode(place).catch(() => undefined);
    }
  }
}
