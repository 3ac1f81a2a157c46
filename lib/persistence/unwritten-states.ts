import type { Logger } from '../observability/logger';
import type { DurableOwner } from '../turns/durable-state';

/** What is asked of the values of an activation that has ended. */
interface EndedStates {
  /** The names of those that are other than they were written last. Costs what writing all of them as bytes does. */
  unwritten(): readonly string[];
}

/**
 * Tells the log, once for each class of actors, that an activation has ended whose state nobody has written as it was in the end. Where handlers write it themselves that may be meant so; mostly a
 * `persist()` was forgotten, which shows nowhere else, for every later turn of that activation has seen the change.
 */
export class UnwrittenStates {
  private readonly told = new Set<string>();

  constructor(private readonly logger: Logger) {}

  look({ descriptor, stateKey }: Pick<DurableOwner, 'descriptor' | 'stateKey'>, states: EndedStates): void {
    if (this.told.has(descriptor.name)) return;
    const names = states.unwritten();
    if (names.length === 0) return;
    this.told.add(descriptor.name);
    this.logger.warn(
      "an actor has ended whose state is other than it was written last, so that the change is lost: await persist() where it is changed, or declare the class with persist: 'after-turn'",
      { actor: stateKey, states: names.join(', ') },
    );
  }
}
