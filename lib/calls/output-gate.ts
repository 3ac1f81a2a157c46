/** What holds back what a turn says to others until all that it knows is durable. */
export interface OutputGate {
  /** Makes what was decided so far durable. Resolves when it is; undefined when there is nothing to wait for. */
  opened(): Promise<void> | undefined;
  /** Keeps a message until the turn's commit; it never leaves when there is none. */
  hold(message: () => void): void;
}
