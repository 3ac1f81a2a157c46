/** An event of a journal, as it was written. */
export interface JournalEntry {
  /** 1 for the first event of the actor, and so on without gaps; journals of one actor share their numbers. */
  readonly number: number;
  /** When it was written, by the clock of the store. */
  readonly at: Date;
  /** An instance of the class of the event, made of what was stored. */
  readonly event: object;
}

/**
 * A journal of an actor: a field marked with `@Journal(Class, { events })`. What happened is kept, event by event, and the value is what the
 * events have come to: an instance of the class, to which each event was given by its method `apply`. Events become durable with the turn that
 * emits them, together with whatever else it decides, or not at all.
 */
export abstract class ActorJournal<T> {
  /** What the events have come to. It is changed by events alone. */
  abstract readonly value: T;
  /** The number of the last event of this actor; 0 when there is none. Events of the turn that is under way count. */
  abstract readonly lastNumber: number;
  /**
   * Something has happened: gives the event to the value, and keeps it when the turn ends. When the handler throws, it did not happen.
   * @param event an instance of one of the classes that `@Journal` lists.
   * @throws MoonpoolError UNKNOWN_EVENT, UNSERIALIZABLE_VALUE, and what `apply` throws; then it is not kept.
   */
  abstract emit(event: object): void;
  /**
   * The durable events of this journal, in their order. They are read from the store as they are asked for, some at a time.
   * @param from the number to begin with. Default: 1.
   */
  abstract history(from?: number): AsyncIterable<JournalEntry>;
}
