import type { NetworkAddress } from '../../identity/network-address';
import type { Connection, NetworkListener } from '../../providers/network-provider';
import { eventKind } from '../timeline/event-queue';
import type { NodeLife } from '../timeline/node-life';
import type { SimulationEngine } from '../engine/simulation-engine';
import type { SimulatedConnection } from './simulated-connection';

/** How many connections may wait to be accepted; more are not answered until there is room. */
export const ACCEPT_BACKLOG = 128;

const ACCEPT = eventKind('accept');

/** An address of a simulated machine that accepts connections. */
export class SimulatedListener implements NetworkListener {
  private readonly waiting = new Set<SimulatedConnection>();

  /** @param closed called when the listener was closed. */
  constructor(
    private readonly engine: SimulationEngine,
    readonly life: NodeLife,
    readonly address: NetworkAddress,
    private readonly accept: (connection: Connection) => void,
    private readonly closed: (listener: SimulatedListener) => void,
  ) {}

  get hasRoom(): boolean {
    return this.waiting.size < ACCEPT_BACKLOG;
  }

  /** Hands the connection to the process after the delay. */
  admit(connection: SimulatedConnection, delayMs: number): void {
    this.waiting.add(connection);
    this.engine.schedule(delayMs, ACCEPT, this.life, () => {
      if (this.waiting.delete(connection)) this.accept(connection);
    });
  }

  async close(): Promise<void> {
    if (!this.life.enter()) return;
    this.closed(this);
    for (const connection of this.waiting) connection.destroy();
    this.waiting.clear();
  }
}
