import type { LocalEnding } from './local-ending';
import type { LocalStopOptions } from './local-handle';

/** What a supervisor has below it: a local actor, or another supervisor. */
export interface SupervisedChild {
  readonly name: string;
  /** Messages in its mailbox. */
  readonly queued: number;
  /** Begins a life. Settles when it has started or is over already; never rejects. */
  begin(): Promise<void>;
  /** Ends the present life, so that another one can begin. Settles when it is over; never rejects. */
  halt(): Promise<void>;
  /** Ends it for good, and its present life before. Never rejects. */
  stop(options?: LocalStopOptions): Promise<LocalEnding>;
  /** Ends it for good. Only between two lives. */
  finish(ending: LocalEnding): void;
}

/** Who decides what comes after a life of a child. */
export interface ChildOwner {
  /** A life is over that nobody had halted. */
  lifeOver(child: SupervisedChild, ending: LocalEnding): void;
  /** The child has ended for good. */
  childEnded(child: SupervisedChild): void;
}
