import type { Logger } from '../observability/logger';
import type { DurableOwner } from '../turns/durable-state';

/** What is asked of the values of an activation that has ended. */
interface EndedStates {
  /** The names of those that are other than they were written last. Costs what writing all of them as bytes does. */
  unwritten(): readonly string[];
}

/** How many different things are told of states that nobody reads. */
const MAX_TOLD = 100;

/** Tells the log of what is no failure, and mostly a mistake that shows nowhere else: states that nobody has written, and states that nobody reads. */
export class StateNotices {
  private readonly told = new Set<string>();
  private readonly unread = new Set<string>();

  constructor(private readonly logger: Logger) {}

  /**
   * An activation has ended whose state may be other than it was written last, which is told once for each class. Where handlers write it themselves that may be meant so; mostly a `persist()` was
   * forgotten, and every later turn of that activation has seen the change all the same.
   */
  ended({ descriptor, stateKey }: Pick<DurableOwner, 'descriptor' | 'stateKey'>, states: EndedStates): void {
    if (this.told.has(descriptor.name)) return;
    const names = states.unwritten();
    if (names.length === 0) return;
    this.told.add(descriptor.name);
    this.logger.warn(
      "an actor has ended whose state is other than it was written last, so that the change is lost: await persist() where it is changed, or declare the class with persist: 'after-turn'",
      { actor: stateKey, states: names.join(', ') },
    );
  }

  /**
   * States were found that the class does not have, where it has others that were not found: a field may have been renamed, whose name is that of the state.
   * @param found those that nobody reads. @param missing those of the class that begin as new.
   */
  loaded(actor: string, found: readonly string[], missing: readonly string[]): void {
    if (found.length === 0 || missing.length === 0) return;
    const what = `${found.join()} ${missing.join()}`;
    if (this.unread.has(what) || this.unread.size >= MAX_TOLD) return;
    this.unread.add(what);
    this.logger.warn(
      'the store holds states of an actor that its class does not have, and others begin as new: where a field was renamed, say the name that its state has, @Persist(Class, name)',
      { actor, found: found.join(', '), missing: missing.join(', ') },
    );
  }
}
