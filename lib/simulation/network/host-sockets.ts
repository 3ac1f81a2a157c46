import type { NetworkAddress } from '../../identity/network-address';
import type { NodeLife } from '../timeline/node-life';
import type { NetworkHost } from './network-host';
import type { SimulatedConnection } from './simulated-connection';
import type { SimulatedListener } from './simulated-listener';

const FIRST_EPHEMERAL_PORT = 40_000;
const EPHEMERAL_PORTS = 20_000;

/** What the processes of one machine have opened: who listens, which connections end here, which ports are next. */
export class HostSockets {
  readonly connections = new Set<SimulatedConnection>();
  private readonly listeners = new Map<string, SimulatedListener>();
  private portsTaken = 0;

  /** @param portOffset where its ephemeral ports begin, so that machines do not all use the same. */
  constructor(
    readonly host: NetworkHost,
    private readonly portOffset: number,
  ) {}

  listenerAt(address: NetworkAddress): SimulatedListener | undefined {
    return this.listeners.get(keyOf(address));
  }

  addListener(listener: SimulatedListener): void {
    this.listeners.set(keyOf(listener.address), listener);
  }

  removeListener(listener: SimulatedListener): void {
    if (this.listenerAt(listener.address) === listener) this.listeners.delete(keyOf(listener.address));
  }

  /** Takes away what a life of this machine listened on. */
  closeListenersOf(life: NodeLife): void {
    for (const [key, listener] of this.listeners) if (listener.life === life) this.listeners.delete(key);
  }

  /** A port that nobody on this machine listens on. */
  ephemeralPort(): number {
    let port: number;
    do port = FIRST_EPHEMERAL_PORT + ((this.portOffset + this.portsTaken++) % EPHEMERAL_PORTS);
    while (this.listeners.has(String(port)));
    return port;
  }
}

function keyOf(address: NetworkAddress): string {
  return address.kind === 'tcp' ? String(address.port) : address.path;
}
