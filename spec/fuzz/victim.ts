import { IsInt, IsString } from 'class-validator';
import {
  Actor,
  ActorRuntime,
  Handler,
  unchecked,
  Logger,
  memory,
  isMoonpoolError,
  type ContainerModule,
} from 'moonpool';
import { NetworkProvider } from 'moonpool/modules';
import { FlowTransport } from '../../lib/rpc/flow-transport';
import { wellKnownNumber, WellKnownToken } from '../../lib/identity/well-known-token';
import { Xoshiro128 } from '../../lib/simulation/random/xoshiro128';
import { Handshake } from '../../lib/handshake/handshake';
import { LocalNode } from '../../lib/identity/local-node';
import { GreetingPolicy } from '../../lib/transport/greeting-policy';
import { Transport } from '../../lib/transport/transport';
import { PacketReader } from '../../lib/wire/packet-reader';
import { HandNetwork, type HandConnection } from './fake-network';
import { SERVED } from './golden-packets';
import { mutate, type Mutant } from './mutation';

class Payment {
  @IsInt() amount!: number;
  @IsString() note!: string;
}

@Actor({ name: 'Target' })
class Target {
  @Handler({ accepts: unchecked }) async echo(value: unknown): Promise<unknown> {
    return value;
  }
  @Handler() async typed(payment: Payment): Promise<number> {
    return payment.amount;
  }
}

/** A whole node and a transport of fixed endpoints, to which a spec hands any bytes, and what went wrong in them. */
export class Victim {
  /** What must never happen, as sentences: errors that are not Moonpool's own. */
  readonly problems: string[] = [];
  /** How many requests got through to whom they were for, mutated or not. */
  served = 0;
  private readonly networks = [new HandNetwork(), new HandNetwork()] as const;
  /** The connections on which the handshake is done, of each network for both versions of the protocol. */
  private readonly open: Record<2 | 3, (HandConnection | undefined)[]> = {
    2: [undefined, undefined],
    3: [undefined, undefined],
  };
  private endings: (() => Promise<void>)[] = [];

  static async start(): Promise<Victim> {
    const victim = new Victim();
    const [ofActors, ofEndpoints] = victim.networks;
    const node = await ActorRuntime.start({
      namespace: 'fuzz',
      name: 'victim',
      actors: [Target],
      modules: [memory(), victim.module(ofActors)],
      incoming: [(_, next) => victim.serve(next)],
      activation: { idleTimeoutMs: 50, collectionIntervalMs: 50 },
      transport: { maxReliableSessions: 100 },
      messaging: { locationCacheCapacity: 1_000 },
    });
    // Every stranger passes for a node of the cluster, so that nothing is spared.
    node.service(GreetingPolicy).connect({ refuses: () => undefined, vouchesFor: () => false });
    node.service(Transport).onConnectionLost((_, error) => victim.inspect('a connection ended', error));
    const flow = await FlowTransport.listen({
      network: 'fuzz',
      modules: [victim.module(ofEndpoints)],
      transport: { maxReliableSessions: 100 },
    });
    flow.requestStream<unknown, unknown>(SERVED).serve(async (request, reply) => {
      victim.served++;
      reply.fulfil(request);
    });
    victim.endings = [() => flow.close(), () => node.shutdown()];
    return victim;
  }

  /** Hands over one mutant for each number, made from the seed. */
  attack(seed: number, count: number): void {
    const random = new Xoshiro128(seed);
    for (let number = 0; number < count; number++) {
      const mutant = mutate(random);
      this.strike(random.below(2) === 0 ? 0 : 1, mutant);
    }
  }

  async end(): Promise<void> {
    for (const connection of [...this.open[2], ...this.open[3]]) connection?.destroy();
    for (const end of this.endings) await end();
  }

  private serve(next: () => Promise<unknown>): Promise<unknown> {
    this.served++;
    return next();
  }

  private strike(index: 0 | 1, { golden, bytes }: Mutant): void {
    const network = this.networks[index];
    const connection = golden.isGreeting === true ? network.open() : this.opened(index, golden.protocol ?? 3);
    try {
      connection.deliver(Buffer.from(bytes));
    } catch (error) {
      this.problems.push(`${golden.name} ${bytes.toString('hex')} threw ${String(error)}`);
    }
    if (this.problems.length > 0 && !this.problems[this.problems.length - 1]?.includes('after'))
      this.problems.push(`after ${golden.name} ${bytes.toString('hex')}`);
    // A packet whose end never comes would swallow those behind it.
    if (golden.isGreeting === true) connection.destroy();
    else if (bytes.length < 24 || bytes.readUInt32LE(0) !== bytes.length) connection.destroy();
  }

  /** A connection on which the handshake is done. */
  private opened(index: 0 | 1, protocol: 2 | 3): HandConnection {
    const known = this.open[protocol][index];
    if (known !== undefined && !known.isCut) return known;
    const connection = this.networks[index].open();
    const name = protocol === 2 ? 'an old peer' : 'a peer';
    const local = new LocalNode('node', 'fuzz', name);
    // Another sender: what one process sends by two connections by turns is refused.
    local.join({ name, incarnation: 3 });
    const setting = { local, secret: undefined, random: new Xoshiro128(1), refuses: () => undefined };
    const handshake = new Handshake(
      'dialler',
      setting,
      (bytes) => connection.deliver(Buffer.from(bytes)),
      protocol === 2,
    );
    const reader = new PacketReader((token, payload) => {
      // Behind its greeting the node tells its clock.
      if (wellKnownNumber(token) !== WellKnownToken.ping) handshake.receive(token, payload);
    });
    connection.onWritten = (bytes) => reader.read(bytes);
    handshake.begin();
    connection.onWritten = () => undefined;
    this.open[protocol][index] = connection;
    return connection;
  }

  private module(network: HandNetwork): ContainerModule {
    const note = (message: string, error?: unknown): void => this.inspect(message, error);
    return {
      name: 'fuzz',
      load: (bind) => {
        bind(NetworkProvider).toValue(network);
        bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: note });
      },
    };
  }

  /** An error behind which there is one that Moonpool did not raise is a defect: somebody was not prepared. */
  private inspect(what: string, error: unknown): void {
    for (let cause = error; cause instanceof Error; cause = cause.cause) {
      if (isMoonpoolError(cause) || cause instanceof SyntaxError) continue;
      this.problems.push(`${what}: ${cause.stack ?? String(cause)}`);
      return;
    }
  }
}
