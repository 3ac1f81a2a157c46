import { MoonpoolError } from '../../errors/moonpool-error';
import type { StoreOperation } from '../../providers/store-operations';
import { eventKind, type ScheduledEvent } from '../timeline/event-queue';
import type { NodeLife } from '../timeline/node-life';
import type { NetworkConditions, Stalled } from '../network/transfers/network-conditions';
import type { NetworkLink } from '../network/transfers/network-link';

/** What the rolls have decided for one request to the store. Times are in milliseconds. */
export interface ExchangeFate {
  readonly wayMs: number;
  readonly backMs: number;
  /** The request is lost when its sender dies before it arrives. */
  readonly diesWithSender: boolean;
  /** The store does nothing and says so. */
  readonly refused: boolean;
  /** The store does it, and the answer is lost. */
  readonly answerLost: boolean;
  readonly limitMs: number;
}

const REQUEST = eventKind('store-request');
const ANSWER = eventKind('store-answer');
const LIMIT = eventKind('store-limit');

/**
 * One request to the store and its answer. The request is done at a moment between sending and answer, also when its
 * sender has died meanwhile; so a crash may come before, between or after.
 */
export class StoreExchange<T> implements Stalled {
  private isAnswering = false;
  private limit: ScheduledEvent | undefined;
  private resolve!: (value: T) => void;
  private reject!: (error: unknown) => void;
  private settle: () => void = () => undefined;

  constructor(
    private readonly conditions: NetworkConditions,
    private readonly life: NodeLife,
    private readonly operation: StoreOperation,
    private readonly there: NetworkLink,
    private readonly back: NetworkLink,
    private readonly fate: ExchangeFate,
    private readonly work: () => Promise<T>,
  ) {}

  /** The way on which it is at present. */
  get link(): NetworkLink {
    return this.isAnswering ? this.back : this.there;
  }

  begin(): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
      const giveUp = () => this.reject(unavailable(this.operation, `it did not answer within ${this.fate.limitMs} ms`));
      this.limit = this.conditions.engine.schedule(this.fate.limitMs, LIMIT, this.life, giveUp);
      this.retry(this.fate.wayMs);
    });
  }

  retry(delayMs: number): void {
    // Without a life: what has left a machine arrives although the machine has died since.
    this.conditions.engine.schedule(delayMs, this.isAnswering ? ANSWER : REQUEST, undefined, () => this.arrive());
  }

  private arrive(): void {
    const kind = this.isAnswering ? 'answer' : 'request';
    const verdict = this.conditions.judge({ link: this.link, kind, stage: 'arrival', bytes: 0 });
    if (verdict.hold) this.conditions.hold(this);
    else if (verdict.delayMs > 0) this.retry(verdict.delayMs);
    else if (this.isAnswering) this.receiveAnswer();
    else this.receiveRequest();
  }

  private receiveRequest(): void {
    const { fate, life } = this;
    if (!life.isAlive && fate.diesWithSender) return;
    if (fate.refused) {
      this.answer(() => this.reject(unavailable(this.operation, 'it refused')));
      return;
    }
    this.work().then(
      (value) => {
        if (!fate.answerLost) this.answer(() => this.resolve(value));
      },
      (error: unknown) => this.answer(() => this.reject(error)),
    );
  }

  private answer(settle: () => void): void {
    this.isAnswering = true;
    this.settle = settle;
    this.retry(this.fate.backMs);
  }

  private receiveAnswer(): void {
    const { engine } = this.conditions;
    if (this.life.isPaused) {
      // What the network has brought waits in the machine until the process reads again; its time limit may come first.
      engine.schedule(0, ANSWER, this.life, () => this.receiveAnswer());
      return;
    }
    if (this.limit !== undefined) engine.cancel(this.limit);
    // A dead process hears no answer: its promise never settles.
    if (this.life.isAlive) this.settle();
  }
}

function unavailable(operation: StoreOperation, why: string): MoonpoolError {
  return new MoonpoolError('STORAGE_UNAVAILABLE', {
    message: `The simulated store could not ${operation.does}: ${why}`,
    executed: 'maybe',
    isTraceless: true,
    remedy:
      'This is a fault that the simulation has injected: whatever met it should go on when the store answers again.',
  });
}
