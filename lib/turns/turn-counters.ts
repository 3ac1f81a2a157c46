/** What the turns of a node's activations came to since it started. */
export class TurnCounters {
  turns = 0;
  /** Calls that found a mailbox full, or gave way to newer ones. */
  overflowed = 0;
}
