import { MoonpoolError } from '../../errors/moonpool-error';
import { formatAddress, type NetworkAddress } from '../../identity/network-address';
import type { Connection, NetworkListener, NetworkProvider } from '../../providers/network-provider';
import { eventKind } from '../timeline/event-queue';
import { never, type NodeLife } from '../timeline/node-life';
import type { RollSequence } from '../random/keyed-rolls';
import type { ConnectionTimes } from './connection-times';
import { Dial } from './dial';
import type { HostSockets } from './host-sockets';
import { SimulatedListener } from './simulated-listener';
import type { SimulatedNetwork } from './simulated-network';

const BIND = eventKind('bind');

/** The network as one life of a simulated machine sees it. */
export class SimulatedNetworkProvider implements NetworkProvider {
  constructor(
    private readonly network: SimulatedNetwork,
    private readonly sockets: HostSockets,
    private readonly life: NodeLife,
    private readonly times: ConnectionTimes,
  ) {}

  listen(address: NetworkAddress, accept: (connection: Connection) => void): Promise<NetworkListener> {
    if (!this.life.enter()) return never();
    return new Promise<NetworkListener>((resolve, reject) => {
      const delayMs = this.rolls('bind').between(...this.times.bindMs);
      this.network.engine.schedule(delayMs, BIND, this.life, () => {
        try {
          resolve(this.bind(address, accept));
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  connect(address: NetworkAddress): Promise<Connection> {
    if (!this.life.enter()) return never();
    const far = address.kind === 'unix' ? this.sockets : this.network.hostAt(address.host, this.sockets);
    if (far === undefined) {
      const message = `No connection to ${formatAddress(address)}: no machine has this address`;
      return Promise.reject(new MoonpoolError('CONNECTION_FAILED', { message }));
    }
    const dial = new Dial(this.network, this.sockets, this.life, far, address, this.times);
    return dial.begin();
  }

  /** Nobody but the machines of the world is in its network. */
  isExposed(): boolean {
    return false;
  }

  private bind(address: NetworkAddress, accept: (connection: Connection) => void): NetworkListener {
    const { sockets, life } = this;
    const { host } = sockets;
    if (address.kind === 'tcp' && !host.answersTo(address.host)) {
      const message = `${host.name} cannot listen on ${formatAddress(address)}: its address is ${host.address}`;
      throw new MoonpoolError('CONNECTION_FAILED', { message });
    }
    const given =
      address.kind === 'tcp' && address.port === 0 ? { ...address, port: sockets.ephemeralPort() } : address;
    if (sockets.listenerAt(given) !== undefined) {
      throw new MoonpoolError('ADDRESS_IN_USE', { message: `${host.name} already listens on ${formatAddress(given)}` });
    }
    const closed = (listener: SimulatedListener) => sockets.removeListener(listener);
    const listener = new SimulatedListener(this.network.engine, life, given, accept, closed);
    sockets.addListener(listener);
    this.network.engine.record(life, 'listen', { address: formatAddress(given) });
    return listener;
  }

  private rolls(site: string): RollSequence {
    return this.network.engine.rolls.sequence(site, this.sockets.host.name);
  }
}
