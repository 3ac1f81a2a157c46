import { quietBuggify } from '../../lib/chaos/buggify';
import { parseAddress } from '../../lib/identity/network-address';
import { wellKnownToken } from '../../lib/identity/well-known-token';
import type { SimulatedMachine } from '../../lib/simulation/world/simulated-machine';
import type { SimulatedWorld } from '../../lib/simulation/world/simulated-world';
import { SimulatedNetworkProvider } from '../../lib/simulation/network/simulated-network-provider';
import { SimulatedLogger } from '../../lib/simulation/providers/simulated-logger';
import { SimulatedTaskProvider } from '../../lib/simulation/providers/simulated-task-provider';
import { SimulatedTimeProvider } from '../../lib/simulation/providers/simulated-time-provider';
import { LocalNode } from '../../lib/identity/local-node';
import { RefusalLog } from '../../lib/observability/refusal-log';
import { GreetingPolicy } from '../../lib/transport/greeting-policy';
import { Transport } from '../../lib/transport/transport';
import { DEFAULT_TRANSPORT_OPTIONS } from '../../lib/connection/transport-options';

const ASK = wellKnownToken(40);
const ANSWER = wellKnownToken(41);

/** How long the asker waits for an answer before it asks something else, in milliseconds of virtual time. */
const PATIENCE_MS = 2_000;

const REQUEST_BYTES = 60;

/** A transport alone on a simulated machine: it answers whoever asks, and asks others. */
export class SimulatedStation {
  readonly transport: Transport;
  private readonly time: SimulatedTimeProvider;
  private waiting: { readonly request: number; readonly resolve: () => void } | undefined;

  constructor({ engine, network, profile }: SimulatedWorld, machine: SimulatedMachine) {
    const life = machine.boot();
    const logger = new SimulatedLogger(engine, life);
    const local = new LocalNode('node', 'bench', machine.name);
    local.join({ name: machine.name, incarnation: life.number });
    this.time = new SimulatedTimeProvider(engine, machine.parts.clock, life);
    this.transport = new Transport({
      local,
      listen: parseAddress(`${machine.host}:5000`),
      security: {},
      policy: new GreetingPolicy(),
      adapters: new Map(),
      options: DEFAULT_TRANSPORT_OPTIONS,
      time: this.time,
      tasks: new SimulatedTaskProvider(engine, life, logger),
      network: new SimulatedNetworkProvider(network, machine.parts.sockets, life, profile.connections),
      random: engine.rolls.stream('station', machine.name),
      buggify: quietBuggify,
      logger,
      refusals: new RefusalLog(logger, this.time),
    });
    this.transport.endpoints.register(ASK, (payload, from) => {
      if (from.isClosed) return;
      from.begin(ANSWER).bytes(payload);
      from.end();
    });
    this.transport.endpoints.register(ANSWER, (payload) => {
      if (payload.readUInt32LE(0) === this.waiting?.request) this.waiting.resolve();
    });
  }

  /** Asks the station at the address so many things, one after the other. Resolves to how many were answered. */
  async ask(address: string, requests: number): Promise<number> {
    let answered = 0;
    for (let request = 0; request < requests; request++) if (await this.askOnce(address, request)) answered++;
    return answered;
  }

  private askOnce(address: string, request: number): Promise<boolean> {
    return new Promise<boolean>((resolve) => {
      const timer = this.time.schedule(PATIENCE_MS, () => resolve(false));
      const done = (): void => {
        timer.cancel();
        resolve(true);
      };
      this.waiting = { request, resolve: done };
      const payload = Buffer.alloc(REQUEST_BYTES);
      payload.writeUInt32LE(request, 0);
      try {
        const connection = this.transport.peer(address).connection();
        connection.begin(ASK).bytes(payload);
        connection.end();
      } catch {
        // The other station cannot be reached at present: this request goes unanswered.
      }
    });
  }
}
