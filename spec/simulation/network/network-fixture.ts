import { Deferred } from '../../../lib/concurrency/deferred';
import type { MoonpoolError } from '../../../lib/errors/moonpool-error';
import { parseAddress } from '../../../lib/identity/network-address';
import type { Connection, NetworkProvider } from '../../../lib/providers/network-provider';
import { CALM_PROFILE, type ChaosProfile } from '../../../lib/simulation/chaos/profile/chaos-profile';
import type { SimulatedMachine } from '../../../lib/simulation/world/simulated-machine';
import { SimulatedWorld } from '../../../lib/simulation/world/simulated-world';
import type { SimulationEngine } from '../../../lib/simulation/engine/simulation-engine';
import { SimulatedNetworkProvider } from '../../../lib/simulation/network/simulated-network-provider';
import { engineOf, sleepIn } from '../engine/engine-fixture';

/** Two machines in one world, and what a spec does with them. */
export interface TwoMachines {
  /** Lets the faults of the profile strike. */
  unleash(): void;
  readonly engine: SimulationEngine;
  readonly world: SimulatedWorld;
  readonly a: SimulatedMachine;
  readonly b: SimulatedMachine;
  /** The network as the present life of the machine sees it. */
  network(machine: SimulatedMachine): NetworkProvider;
  sleep(ms: number): Promise<void>;
}

/** Where machine b listens. */
export const ADDRESS_OF_B = parseAddress('10.0.0.2:5000');

/** Runs the body in a world of two machines, both switched on. */
export async function withTwoMachines(
  seed: number,
  body: (parts: TwoMachines) => Promise<void>,
  profile: Partial<ChaosProfile> = {},
): Promise<SimulationEngine> {
  const engine = engineOf(seed);
  const world = new SimulatedWorld(engine, { ...CALM_PROFILE, ...profile });
  const [a, b] = [world.addMachine('a', '10.0.0.1'), world.addMachine('b', '10.0.0.2')];
  const network = (machine: SimulatedMachine) => {
    const life = machine.life ?? machine.boot();
    return new SimulatedNetworkProvider(world.network, machine.parts.sockets, life, world.profile.connections);
  };
  for (const machine of [a, b]) machine.boot();
  const unleash = () => world.network.conditions.setFaulty(true);
  await engine.run(() => body({ engine, world, a, b, network, unleash, sleep: (ms) => sleepIn(engine, ms) }));
  return engine;
}

/** Takes down what is said of a connection. */
export class Ear {
  text = '';
  pieces = 0;
  drains = 0;
  hasEnded = false;
  closes = 0;
  readonly closed = new Deferred<MoonpoolError | undefined>();

  constructor(
    readonly connection: Connection,
    encoding: BufferEncoding = 'utf8',
  ) {
    connection.start({
      onData: (bytes) => {
        this.pieces++;
        this.text += Buffer.from(bytes).toString(encoding);
      },
      onDrain: () => this.drains++,
      onEnd: () => (this.hasEnded = true),
      onClose: (error) => {
        this.closes++;
        this.closed.resolve(error);
      },
    });
  }

  say(text: string): boolean {
    return this.connection.write(Buffer.from(text));
  }
}

/** A connection from a to b, with an ear on each side. */
export async function connect(
  { network, a, b }: TwoMachines,
  encoding?: BufferEncoding,
): Promise<{ near: Ear; far: Ear }> {
  const accepted = new Deferred<Ear>();
  await network(b).listen(ADDRESS_OF_B, (connection) => accepted.resolve(new Ear(connection, encoding)));
  const near = new Ear(await network(a).connect(ADDRESS_OF_B), encoding);
  return { near, far: await accepted.promise };
}
