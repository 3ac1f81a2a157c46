/**
 * What is said about a request beside its arguments: who asks, in which language, as part of which trace. It goes with
 * every call that is made from the turn, and with those made from their turns; nothing comes back up.
 */
export interface RequestContext {
  /** What was said by this turn, or by the nearest caller that said something; undefined if nobody did. */
  get(name: string): unknown;
  /** Says something to all calls that this turn makes from here on. Does nothing outside of turns. */
  set(name: string, value: unknown): void;
  /** Everything, by name. */
  readonly values: Readonly<Record<string, unknown>>;
}
