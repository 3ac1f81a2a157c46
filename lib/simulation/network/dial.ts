import { MoonpoolError } from '../../errors/moonpool-error';
import { formatAddress, type NetworkAddress } from '../../identity/network-address';
import type { Connection } from '../../providers/network-provider';
import { eventKind, type ScheduledEvent } from '../timeline/event-queue';
import type { NodeLife } from '../timeline/node-life';
import type { ConnectionTimes } from './connection-times';
import type { HostSockets } from './host-sockets';
import type { Stalled } from './transfers/network-conditions';
import type { NetworkLink } from './transfers/network-link';
import type { SimulatedConnection } from './simulated-connection';
import type { SimulatedNetwork } from './simulated-network';

const CONNECT = eventKind('connect');
const REFUSE = eventKind('refuse');
const GIVE_UP = eventKind('give-up');

/** A request that finds the backlog full is asked again after this long, as TCP does. */
const REPEAT_MS = 1000;

/** One attempt to connect: the request travels, is answered or refused, and the answer travels back. */
export class Dial implements Stalled {
  readonly link: NetworkLink;
  private readonly callerAddress: string;
  private readonly targetAddress: string;
  private caller: SimulatedConnection | undefined;
  private limit: ScheduledEvent | undefined;
  private settled = false;
  private resolve!: (connection: Connection) => void;
  private reject!: (error: MoonpoolError) => void;

  constructor(
    private readonly network: SimulatedNetwork,
    private readonly near: HostSockets,
    private readonly life: NodeLife,
    private readonly far: HostSockets,
    private readonly address: NetworkAddress,
    private readonly times: ConnectionTimes,
  ) {
    this.link = network.conditions.link(near.host.name, far.host.name);
    this.targetAddress = formatAddress(address);
    this.callerAddress = address.kind === 'unix' ? 'unix:' : `${near.host.address}:${near.ephemeralPort()}`;
  }

  begin(): Promise<Connection> {
    const { engine } = this.network;
    return new Promise<Connection>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
      const verdict = this.network.conditions.judge({ link: this.link, kind: 'connect', stage: 'departure', bytes: 0 });
      const delayMs = verdict.delayMs + this.link.rolls('connect').between(...this.times.connectMs);
      this.limit = engine.schedule(this.times.connectLimitMs, GIVE_UP, this.life, () => this.giveUp());
      if (verdict.ending === undefined) this.retry(delayMs);
      else if (verdict.ending.kind === 'refuse')
        engine.schedule(delayMs, REFUSE, this.life, () => this.fail(this.refused()));
      // What is lost is not answered: the caller gives up in time.
    });
  }

  /** The request sets off, again perhaps. */
  retry(delayMs: number): void {
    // Without a life: what left a machine arrives although the machine has crashed.
    this.network.engine.schedule(delayMs, CONNECT, undefined, () => this.arrive());
  }

  private arrive(): void {
    if (this.settled || !this.life.isAlive) return;
    const verdict = this.network.conditions.judge({ link: this.link, kind: 'connect', stage: 'arrival', bytes: 0 });
    if (verdict.hold || !this.far.host.isOn) this.network.conditions.hold(this);
    else if (verdict.delayMs > 0) this.retry(verdict.delayMs);
    else this.meetListener();
  }

  private meetListener(): void {
    const listener = this.far.listenerAt(this.address);
    if (listener === undefined) this.refuse();
    else if (!listener.hasRoom) this.retry(REPEAT_MS);
    else {
      const { network, near, life, far } = this;
      const caller = network.join(
        { sockets: near, life, address: this.callerAddress },
        { sockets: far, life: listener.life, address: this.targetAddress },
      );
      this.caller = caller;
      caller.onAnswer = (error) => (error === undefined ? this.connect(caller) : this.fail(error));
      caller.other.outgoing.send('accept');
      const acceptRolls = network.engine.rolls.sequence('accept', far.host.name);
      listener.admit(caller.other, acceptRolls.between(...this.times.acceptMs));
    }
  }

  private refuse(): void {
    const back = this.network.conditions.link(this.far.host.name, this.near.host.name);
    const { delayMs, hold } = this.network.conditions.judge({
      link: back,
      kind: 'reset',
      stage: 'departure',
      bytes: 0,
    });
    // A refusal that does not get through is lost; the caller gives up in time.
    if (hold) return;
    this.network.engine.schedule(delayMs, REFUSE, this.life, () => this.fail(this.refused()));
  }

  private refused(): MoonpoolError {
    return new MoonpoolError('CONNECTION_REFUSED', { message: `Nobody listens on ${this.targetAddress}` });
  }

  private connect(connection: SimulatedConnection): void {
    this.settle();
    this.network.engine.record(this.life, 'connected', { connection: connection.name });
    this.resolve(connection);
  }

  private giveUp(): void {
    const { caller } = this;
    this.fail(connectionFailed(this.targetAddress, `no answer within ${this.times.connectLimitMs} ms`));
    if (caller !== undefined) {
      caller.onAnswer = undefined;
      caller.destroy();
    }
  }

  private fail(error: MoonpoolError): void {
    if (this.settled) return;
    this.settle();
    this.reject(error);
  }

  private settle(): void {
    this.settled = true;
    this.network.conditions.forget(this);
    if (this.limit !== undefined) this.network.engine.cancel(this.limit);
  }
}

function connectionFailed(address: string, why: string): MoonpoolError {
  return new MoonpoolError('CONNECTION_FAILED', { message: `No connection to ${address}: ${why}` });
}
