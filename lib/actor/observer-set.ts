import { isMoonpoolError } from '../errors/moonpool-error';
import { anyOf, callback, duration, mandatory } from '../options/option-kind';
import { checkArguments } from '../options/option-table';
import type { ActorContext } from './actor-context';
import { CarriedReference } from './carried-reference';
import type { ActorReference } from './actor-reference';

interface Subscription<T> {
  readonly observer: ActorReference<T>;
  readonly until: number;
}

/**
 * The observers of an actor: each subscription is a lease, which whoever observes renews by subscribing again. One that does
 * not is forgotten, and so are those that have ended; so an actor needs no list of who is still there. It lives in memory,
 * with the activation: observers that renew find the next one too.
 */
export class ObserverSet<T extends object> {
  private readonly subscriptions = new Map<string, Subscription<T>>();

  /** @param leaseMs how long a subscription lasts, in milliseconds. Default: 60,000, three times what `runtime.observe` takes to renew. */
  constructor(
    private readonly context: ActorContext,
    private readonly leaseMs = 60_000,
  ) {
    checkArguments('ObserverSet', { leaseMs: [duration(), leaseMs] });
  }

  /** How many observe at present. */
  get size(): number {
    this.sweep();
    return this.subscriptions.size;
  }

  /** Whether the observer has subscribed, and its subscription lasts. */
  has(observer: ActorReference<T>): boolean {
    checkObserver('has', observer);
    const subscription = this.subscriptions.get(observer.$id.path);
    return subscription !== undefined && subscription.until > this.context.time.now();
  }

  /** Adds the observer, or renews its subscription. @throws MoonpoolError INVALID_OPTION when it is no reference. */
  subscribe(observer: ActorReference<T>): void {
    checkObserver('subscribe', observer);
    this.subscriptions.set(observer.$id.path, { observer, until: this.context.time.now() + this.leaseMs });
  }

  unsubscribe(observer: ActorReference<T>): void {
    checkObserver('unsubscribe', observer);
    this.subscriptions.delete(observer.$id.path);
  }

  /**
   * Calls each observer. Nobody waits for anybody: those that cannot be reached now are left for their lease, those that have
   * ended are forgotten. Resolves to how many were told.
   * @param call calls the observer, or sends: then nobody learns whether it is still there.
   * @param timeoutMs how long each may take. Default: 5,000.
   */
  async notify(call: (observer: ActorReference<T>) => Promise<unknown> | void, timeoutMs = 5_000): Promise<number> {
    checkArguments('notify', {
      call: [callback('a function (observer) => promise'), call],
      timeoutMs: [duration(), timeoutMs],
    });
    this.sweep();
    const told = await Promise.all(
      [...this.subscriptions.values()].map(({ observer }) => this.tell(observer, call, timeoutMs)),
    );
    return told.filter(Boolean).length;
  }

  private async tell(
    observer: ActorReference<T>,
    call: (observer: ActorReference<T>) => Promise<unknown> | void,
    timeoutMs: number,
  ): Promise<boolean> {
    try {
      await call(observer.$with({ timeoutMs }));
      return true;
    } catch (error) {
      if (isMoonpoolError(error, 'OBSERVER_GONE')) this.subscriptions.delete(observer.$id.path);
      return false;
    }
  }

  private sweep(): void {
    const now = this.context.time.now();
    for (const [path, { until }] of this.subscriptions) if (until <= now) this.subscriptions.delete(path);
  }
}

const reference = mandatory(
  anyOf('a reference to an observer, as runtime.observe makes it', (value) => value instanceof CarriedReference),
);

function checkObserver(verb: string, observer: unknown): void {
  checkArguments(`ObserverSet.${verb}`, { observer: [reference, observer] });
}
