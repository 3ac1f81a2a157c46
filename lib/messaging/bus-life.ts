import { describeInvocation, type Invocation } from '../calls/invocation';
import type { Membership } from '../cluster/membership';
import { StateMachine, type Moves } from '../concurrency/state-machine';
import { MoonpoolError } from '../errors/moonpool-error';
import type { LocalNode } from '../identity/local-node';
import { MAX_HOPS } from './envelope';

/** The steps of the life of a bus. */
type BusStep = 'starting' | 'ready' | 'stopping' | 'stopped';

/**
 * The states of a bus; calls are taken in `ready` and `degraded` only. `degraded`: the store of the members does not answer. Actors that are active go on, those that are not
 * cannot be activated, and a node whose lease runs out meanwhile ends.
 */
export type MessageBusState = BusStep | 'degraded';

const MOVES: Moves<BusStep> = {
  starting: ['ready', 'stopping'],
  ready: ['stopping'],
  stopping: ['stopped'],
  stopped: [],
};

/** On what it depends whether a bus takes calls, beside its own start and end. */
export interface BusLifeParts {
  readonly local: Pick<LocalNode, 'hasJoined'>;
  readonly membership: Pick<Membership, 'reachesStore'>;
}

/** Why no calls are taken any more, and what is to be done about it. */
interface EndOfBus {
  readonly why: string;
  readonly remedy?: string;
}

/** Whether a bus takes calls: from its start until its end, of which it keeps the reason. */
export class BusLife {
  private open = false;
  private readonly machine = new StateMachine<BusStep>('The message bus', MOVES, 'starting');
  private ended: EndOfBus | undefined;
  /** Calls that this process begins are refused; those that it has begun go on. */
  isResting = false;

  constructor(private readonly parts: BusLifeParts) {}

  /**
   * True while calls are taken: from the moment in which the node has joined, for others may call its actors then, while it still reads
   * the view before its start is over; and those actors call others.
   */
  get isOpen(): boolean {
    return this.open || (this.ended === undefined && this.machine.state === 'starting' && this.parts.local.hasJoined);
  }

  get state(): MessageBusState {
    const { state } = this.machine;
    return state === 'ready' && !this.parts.membership.reachesStore ? 'degraded' : state;
  }

  /** @param node whose bus it is. @throws MoonpoolError NODE_FENCED when the node was declared dead before it had started. */
  start(node: string): void {
    if (this.ended !== undefined)
      throw new MoonpoolError('NODE_FENCED', {
        message: `The node ${node} ended before it had started: ${this.ended.why}`,
      });
    this.machine.move('ready');
    this.open = true;
  }

  /** Takes no calls from now on. False when it has ended already. */
  beginEnd(end: EndOfBus): boolean {
    if (this.ended !== undefined) return false;
    this.machine.move('stopping');
    this.open = false;
    this.ended = end;
    return true;
  }

  /** Every call has ended. */
  finishEnd(): void {
    this.machine.move('stopped');
  }

  /** Why a message that came from elsewhere is not forwarded; undefined when it is. @param hops how often it was. @param leftMs how much time it has left. */
  objectionToPassOn(hops: number, leftMs: number): string | undefined {
    if (leftMs <= 0) return 'its time is over';
    if (!this.isOpen) return 'this process is ending';
    return hops > MAX_HOPS ? `it was forwarded ${MAX_HOPS} times` : undefined;
  }

  /** @throws MoonpoolError RUNTIME_NOT_READY while no calls are taken. */
  requireOpen(invocation: Invocation): void {
    if (!this.isOpen) throw this.refusal(invocation);
  }

  /** Of a call that is not taken. */
  refusal(invocation: Invocation): MoonpoolError {
    const otherwise = this.isResting ? 'the runtime is being shut down' : 'the runtime has not started yet';
    const { why = otherwise, ...advice } = this.ended ?? {};
    const message = `${describeInvocation(invocation)} was refused: ${why}`;
    return new MoonpoolError('RUNTIME_NOT_READY', { message, ...advice });
  }
}
