import { LocalNode } from '../../lib/identity/local-node';
import type { MoonpoolError } from '../../lib/errors/moonpool-error';
import { wellKnownToken } from '../../lib/identity/well-known-token';
import { quietBuggify } from '../../lib/chaos/buggify';
import { parseAddress } from '../../lib/identity/network-address';
import type { SimulatedMachine } from '../../lib/simulation/world/simulated-machine';
import type { ChaosProfile } from '../../lib/simulation/chaos/profile/chaos-profile';
import { SimulatedLogger } from '../../lib/simulation/providers/simulated-logger';
import { SimulatedTaskProvider } from '../../lib/simulation/providers/simulated-task-provider';
import { SimulatedTimeProvider } from '../../lib/simulation/providers/simulated-time-provider';
import { Xoshiro128 } from '../../lib/simulation/random/xoshiro128';
import type { SimulationEngine } from '../../lib/simulation/engine/simulation-engine';
import type { ProtocolAdapters } from '../../lib/connection/protocol-adapter';
import type { SecurityOptions } from '../../lib/handshake/security-options';
import { RefusalLog } from '../../lib/observability/refusal-log';
import { GreetingPolicy } from '../../lib/transport/greeting-policy';
import { Transport } from '../../lib/transport/transport';
import { DEFAULT_TRANSPORT_OPTIONS, type TransportOptions } from '../../lib/connection/transport-options';
import { withTwoMachines, type TwoMachines } from '../simulation/network/network-fixture';

/** The endpoint that takes down what it receives. */
const ENDPOINT = wellKnownToken(40);

/** A transport on a simulated machine, and what it was told. */
export class Station {
  readonly transport: Transport;
  readonly received: string[] = [];
  readonly losses: MoonpoolError[] = [];
  readonly address: string;
  readonly local: LocalNode;
  readonly policy = new GreetingPolicy();

  constructor(
    { engine, network }: Pick<TwoMachines, 'engine' | 'network'>,
    machine: SimulatedMachine,
    options: Partial<TransportOptions> = {},
    security: SecurityOptions = {},
    adapters: ProtocolAdapters = new Map(),
  ) {
    const life = machine.life ?? machine.boot();
    const logger = new SimulatedLogger(engine, life);
    const local = new LocalNode('node', 'spec', machine.name);
    this.address = `${machine.host}:5000`;
    this.local = local;
    local.join({ name: machine.name, incarnation: life.number });
    const time = new SimulatedTimeProvider(engine, machine.parts.clock, life);
    this.transport = new Transport({
      local,
      listen: parseAddress(this.address),
      security,
      policy: this.policy,
      adapters,
      options: { ...DEFAULT_TRANSPORT_OPTIONS, ...options },
      time,
      tasks: new SimulatedTaskProvider(engine, life, logger),
      network: network(machine),
      random: new Xoshiro128(1),
      buggify: quietBuggify,
      logger,
      refusals: new RefusalLog(logger, time),
    });
    this.transport.endpoints.register(ENDPOINT, (payload) => this.received.push(payload.toString()));
    this.transport.onConnectionLost((_, error) => this.losses.push(error));
  }

  /** It is known here that the other station listens where it says. */
  vouchFor({ address }: Station): void {
    this.policy.connect({ refuses: () => undefined, vouchesFor: (hello) => hello.address === address });
  }

  /** Sends a text to another station. @throws MoonpoolError NODE_UNREACHABLE, CONNECTION_LOST */
  send(to: Station, text: string): void {
    const connection = this.transport.peer(to.address).connection();
    connection.begin(ENDPOINT).bytes(Buffer.from(text));
    connection.end();
  }

  /** Like {@link send}; false when there is no connection at present. */
  trySend(to: Station, text: string): boolean {
    try {
      this.send(to, text);
      return true;
    } catch {
      return false;
    }
  }
}

/** Two transports that have started, in a world of two machines. */
export interface TwoStations extends TwoMachines {
  readonly one: Station;
  readonly two: Station;
}

export function withTwoStations(
  seed: number,
  body: (parts: TwoStations) => Promise<void>,
  profile: Partial<ChaosProfile> = {},
): Promise<SimulationEngine> {
  return withTwoMachines(
    seed,
    async (parts) => {
      const [one, two] = [new Station(parts, parts.a), new Station(parts, parts.b)];
      await Promise.all([one.transport.start(), two.transport.start()]);
      await body({ ...parts, one, two });
    },
    profile,
  );
}
