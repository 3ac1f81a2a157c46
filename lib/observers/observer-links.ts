import type { Membership } from '../cluster/membership';
import type { Timer, TimeProvider } from '../providers/time-provider';
import type { LocalNode } from '../identity/local-node';
import type { Transport } from '../transport/transport';

/** How often a client looks whether it is connected to every node, in milliseconds. */
const LOOK_MS = 1_000;

/**
 * Keeps a client connected to every node of the cluster while it has observers: an actor that calls one may live on any
 * node, may move to another, and cannot dial a client. So no node is a gateway, and the loss of one loses no callback of actors that live.
 */
export class ObserverLinks {
  private timer: Timer | undefined;
  private isWatching = false;
  private isStopped = false;

  constructor(
    private readonly membership: Membership,
    private readonly transport: Transport,
    private readonly time: TimeProvider,
    private readonly local: LocalNode,
  ) {}

  /** @param isWanted true while there are observers. */
  keep(isWanted: () => boolean): void {
    if (this.isWatching || this.isStopped || this.local.role === 'node') return;
    this.isWatching = true;
    this.look(isWanted);
  }

  stop(): void {
    this.isStopped = true;
    this.timer?.cancel();
  }

  private look(isWanted: () => boolean): void {
    if (!isWanted()) {
      this.isWatching = false;
      return;
    }
    this.connect();
    // A node that has joined since then is found by its view; when the store does not answer, the next look asks again.
    this.membership.refresh().then(
      () => this.connect(),
      () => undefined,
    );
    this.timer = this.time.schedule(LOOK_MS, () => this.look(isWanted));
  }

  private connect(): void {
    for (const { address, status } of this.membership.view.members) {
      if (status !== 'active') continue;
      try {
        this.transport.peer(address).connection();
      } catch {
        // It cannot be reached at present; the next look tries again.
      }
    }
  }
}
