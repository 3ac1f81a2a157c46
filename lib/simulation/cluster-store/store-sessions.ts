import type { NodeId } from '../../identity/node-id';
import type { SimulationEngine } from '../engine/simulation-engine';
import type { NetworkConditions } from '../network/transfers/network-conditions';
import { eventKind } from '../timeline/event-queue';
import type { NodeLife } from '../timeline/node-life';
import { SessionEnd } from './session-end';

/** A session that is open at the store. */
interface OpenSession {
  readonly life: NodeLife;
  /** The incarnations whose sessions it has seen open. */
  readonly seen: Set<number>;
  /** Its process learns that it is lost. */
  readonly onLost: () => void;
}

const POWER_LOSS = eventKind('session-timeout');

/** After how long the store takes a machine that answers nothing for gone, in milliseconds: as servers do by the keep-alive of TCP. */
const KEEP_ALIVE_MS = 15_000;

/** The sessions that nodes have with the store, as the store knows them: when a process ends, the store learns it from its machine. */
export class StoreSessions {
  /** By incarnation. */
  private readonly open = new Map<number, OpenSession>();

  /** @param storeMachine the name of the machine of the store. */
  constructor(
    private readonly engine: SimulationEngine,
    private readonly conditions: NetworkConditions,
    private readonly storeMachine: string,
  ) {}

  /** What a node asks: a session that is lost, or was never opened, is opened by that and has seen nothing. */
  endedOf(life: NodeLife, node: NodeId, asked: readonly NodeId[], onLost: () => void): readonly NodeId[] {
    let session = this.open.get(node.incarnation);
    if (session === undefined) {
      session = { life, seen: new Set(), onLost };
      this.open.set(node.incarnation, session);
      this.engine.record(undefined, 'session-opened', { by: life.toString() });
    }
    const { seen } = session;
    const incarnations = new Set(asked.map(({ incarnation }) => incarnation));
    for (const known of seen) if (!incarnations.has(known)) seen.delete(known);
    for (const incarnation of incarnations) if (this.open.has(incarnation)) seen.add(incarnation);
    return asked.filter(({ incarnation }) => seen.has(incarnation) && !this.open.has(incarnation));
  }

  /** The store ends a session, or those of all; its process is told, if the network lets it be, and opens another one. */
  lose(incarnations: Iterable<number> = [...this.open.keys()]): void {
    for (const incarnation of incarnations) {
      const session = this.open.get(incarnation);
      if (session === undefined) continue;
      this.open.delete(incarnation);
      const back = this.conditions.link(this.storeMachine, session.life.machine);
      new SessionEnd(this.conditions, back, session.life, session.onLost).begin();
    }
  }

  /** The process has died. Its machine tells the store, unless it has died too: then the store finds it out in time. */
  processDied(life: NodeLife, how: 'process' | 'power'): void {
    if (how === 'process') this.close(life);
    else for (const forget of this.endsOf(life)) this.engine.schedule(KEEP_ALIVE_MS, POWER_LOSS, undefined, forget);
  }

  /** The process ends what it has open: the store learns it when the network lets it through. */
  close(life: NodeLife): void {
    const there = this.conditions.link(life.machine, this.storeMachine);
    for (const forget of this.endsOf(life)) new SessionEnd(this.conditions, there, undefined, forget).begin();
  }

  private endsOf(life: NodeLife): readonly (() => void)[] {
    const sessions = [...this.open].filter(([, session]) => session.life === life);
    return sessions.map(([incarnation, session]) => () => {
      if (this.open.get(incarnation) !== session) return;
      this.open.delete(incarnation);
      this.engine.record(undefined, 'session-ended', { of: life.toString() });
    });
  }
}
