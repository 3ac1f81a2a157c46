/**
 * The hand that makes trouble, for operations of a workload that want some at a certain moment. It acts on nodes by number. What a
 * world cannot do is missing: call it as `nemesis.partition?.(0, 1)`.
 */
export interface Nemesis {
  readonly nodeCount: number;
  /** Ends the process of a node at once, as `kill -9` does; it is started again after the pause. */
  crash?(node: number, downMs: number): Promise<void>;
  /** Keeps two nodes apart for a time. */
  partition?(a: number, b: number, forMs: number): Promise<void>;
  /** Breaks all connections between two nodes. */
  cut?(a: number, b: number): Promise<void>;
  /** Stops the process of a node for a time, as SIGSTOP does. */
  pause?(node: number, forMs: number): Promise<void>;
}
