import type { MemberSession } from '../../cluster/member-session';
import type { NodeId } from '../../identity/node-id';
import type { NodeLife } from '../timeline/node-life';
import type { StoreOperation } from '../../providers/store-operations';
import type { StoreSessions } from './store-sessions';

/** Has something done at the store, behind the network and its faults. */
export type AskStore = <T>(operation: StoreOperation, work: () => Promise<T>) => Promise<T>;

const LOOK: StoreOperation = { name: 'sessions', does: 'look whose sessions have ended', reads: true };

/** A session with the store as one life of a node has it. */
export class SimulatedMemberSession implements MemberSession {
  private isClosed = false;

  /** @param disturb is called with each question, at the store: it may end sessions. */
  constructor(
    private readonly sessions: StoreSessions,
    private readonly life: NodeLife,
    private readonly node: NodeId,
    private readonly ask: AskStore,
    private readonly disturb: () => void,
  ) {}

  ended(nodes: readonly NodeId[]): Promise<readonly NodeId[]> {
    return this.ask(LOOK, async () => {
      // One that was still on its way when its session was closed, or its process died, opens none.
      if (this.isClosed || !this.life.isAlive) return [];
      const ended = this.sessions.endedOf(this.life, this.node, nodes, () => this.onLost());
      this.disturb();
      return ended;
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.sessions.close(this.life);
  }

  /** Opens another one at once, as a process does whose connection has broken. */
  private onLost(): void {
    if (!this.isClosed && this.life.isAlive) this.ended([]).catch(() => undefined);
  }
}
