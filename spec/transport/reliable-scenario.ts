import { isMoonpoolError, MoonpoolError } from '../../lib/errors/moonpool-error';
import { wellKnownToken } from '../../lib/identity/well-known-token';
import { drawChaos } from '../../lib/simulation/chaos/profile/chaos-profile';
import type { SimulatedMachine } from '../../lib/simulation/world/simulated-machine';
import { SimulatedWorld } from '../../lib/simulation/world/simulated-world';
import { SimulatedNetworkProvider } from '../../lib/simulation/network/simulated-network-provider';
import { Xoshiro128 } from '../../lib/simulation/random/xoshiro128';
import type { TransportDescription } from '../../lib/transport/transport-description';
import { engineOf, sleepIn } from '../simulation/engine/engine-fixture';
import { DeliveryRecord } from './delivery-record';
import { Station } from './transport-fixture';

const RELIABLE_WORD = wellKnownToken(41);
const UNRELIABLE_WORD = wellKnownToken(42);
const NAMES = ['a', 'b', 'c'] as const;
const ROUNDS = 40;
const ROUND_MS = 100;
/** Longer than the longest wait before a reconnect, and time enough to send all that waits. */
const QUIET_MS = 40_000;

/** What each seed should get into in some run. */
export const SITUATIONS = [
  'resent after a cut',
  'duplicate dropped',
  'reliable queue full',
  'session renewed',
  'session forgotten by the receiver',
  'unreliable dropped',
  'node started again',
  'given up unsent',
] as const;
export type Situation = (typeof SITUATIONS)[number];

/** What a seed came to. */
export interface ReliableOutcome {
  readonly violations: readonly string[];
  readonly situations: ReadonlySet<Situation>;
  readonly delivered: number;
}

/** Three bare transports that send each other reliable and unreliable messages under the faults of a seed, and die and start again. */
export class ReliableScenario {
  private readonly record = new DeliveryRecord();
  private readonly situations = new Set<Situation>();
  private readonly engine;
  private readonly world;
  private readonly machines: readonly SimulatedMachine[];
  private readonly stations = new Map<SimulatedMachine, Station>();
  private readonly random: Xoshiro128;

  constructor(private readonly seed: number) {
    this.engine = engineOf(seed);
    this.world = new SimulatedWorld(this.engine, drawChaos('hostile', this.engine.rolls));
    this.machines = NAMES.map((name, at) => this.world.addMachine(name, `10.0.0.${at + 1}`));
    this.random = new Xoshiro128(seed);
  }

  async run(): Promise<ReliableOutcome> {
    await this.engine.run(() => this.play());
    return { violations: this.record.violations, situations: this.situations, delivered: this.record.deliveredCount };
  }

  private async play(): Promise<void> {
    for (const machine of this.machines) await this.boot(machine);
    this.world.network.conditions.setFaulty(true);
    for (let round = 0; round < ROUNDS; round++) {
      for (const machine of this.machines) this.chatter(machine);
      if (this.random.fraction() < 0.03) await this.restart();
      if (this.random.fraction() < 0.1) this.cut();
      await sleepIn(this.engine, ROUND_MS * this.random.fraction());
    }
    this.world.network.conditions.setFaulty(false);
    await sleepIn(this.engine, QUIET_MS);
    for (const station of this.stations.values()) this.note(station.transport.describe());
    this.record.finish((stream) =>
      [...this.machines].some((machine) => stream.startsWith(`${machine.name}${machine.life?.number}>`)),
    );
  }

  /** Cuts a connection with what is under way on it, besides those that the network cuts. */
  private cut(): void {
    const [from, to] = [this.machines[this.random.below(3)], this.machines[this.random.below(3)]];
    if (from === undefined || to === undefined || from === to) return;
    this.stations
      .get(from)
      ?.transport.peer(`${to.host}:5000`)
      .cut(new MoonpoolError('CONNECTION_LOST', { message: 'The scenario cut it' }));
  }

  private async restart(): Promise<void> {
    const machine = this.machines[this.random.below(this.machines.length)];
    if (machine === undefined) return;
    const station = this.stations.get(machine);
    if (station !== undefined) this.note(station.transport.describe());
    machine.kill(this.random.fraction() < 0.5 ? 'process' : 'power');
    this.stations.delete(machine);
    await sleepIn(this.engine, 500 * this.random.fraction());
    await this.boot(machine);
    this.situations.add('node started again');
  }

  private async boot(machine: SimulatedMachine): Promise<void> {
    const network = (of: SimulatedMachine) =>
      new SimulatedNetworkProvider(
        this.world.network,
        of.parts.sockets,
        of.life ?? of.boot(),
        this.world.profile.connections,
      );
    // On every other seed receivers remember one sender that is gone, and the queues are small.
    const options =
      this.seed % 2 === 0
        ? { maxReliableSessions: 1, maxReliablePackets: 20, maxUnreliablePackets: 5 }
        : { reconnectMinMs: 10 };
    const station = new Station({ engine: this.engine, network }, machine, { reconnectMaxMs: 5_000, ...options });
    const { endpoints } = station.transport;
    endpoints.register(RELIABLE_WORD, (payload) => {
      const [stream = '', sequence] = payload.toString().split('=');
      if (!stream.endsWith(`>${machine.name}`)) this.record.violations.push(`${stream} came to ${machine.name}`);
      this.record.delivered(stream, Number(sequence));
    });
    endpoints.register(UNRELIABLE_WORD, () => undefined);
    const life = machine.life?.number;
    station.transport.onUndelivered((address, messages) => {
      for (const message of messages) {
        if (message.executed === 'no') this.situations.add('given up unsent');
        this.record.told(
          `${machine.name}${life}>${this.machines.find(({ host }) => address.startsWith(host))?.name}`,
          message,
        );
      }
    });
    this.stations.set(machine, station);
    await station.transport.start();
  }

  private chatter(machine: SimulatedMachine): void {
    const station = this.stations.get(machine);
    if (station === undefined || machine.life === undefined) return;
    for (const other of this.machines) {
      if (other === machine || this.random.fraction() < 0.3) continue;
      const peer = station.transport.peer(`${other.host}:5000`);
      const stream = `${machine.name}${machine.life.number}>${other.name}`;
      const count = this.random.below(8);
      for (let word = 0; word < count; word++) {
        const sequence = peer.upcomingSequence;
        try {
          this.record.sent(stream, sequence);
          peer.sendReliable(RELIABLE_WORD, (into) => into.text(`${stream}=${sequence}`));
        } catch (error) {
          if (!isMoonpoolError(error, 'SEND_QUEUE_FULL')) throw error;
          this.record.unsent(stream, sequence);
        }
        peer.sendUnreliable(UNRELIABLE_WORD, (into) => into.text(stream));
      }
    }
  }

  private note({ outgoing, reliable }: TransportDescription): void {
    if (reliable.duplicates > 0) this.situations.add('duplicate dropped');
    for (const peer of Object.values(outgoing)) {
      if (peer.reliable.resent > 0) this.situations.add('resent after a cut');
      if (peer.reliable.refused > 0) this.situations.add('reliable queue full');
      if (peer.reliable.renewals > 0) this.situations.add('session renewed');
      if (peer.reliable.forgotten > 0) this.situations.add('session forgotten by the receiver');
      if (peer.unreliable.dropped > 0) this.situations.add('unreliable dropped');
    }
  }
}
