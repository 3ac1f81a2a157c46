import type { Nemesis } from '../workloads/nemesis';

/** How soon a node that ended is started again, in milliseconds. */
export const RESTART_MS = 300;

/** The port of a first start; a node that starts again takes the port that it had. */
export const ANY_PORT = '127.0.0.1:0';

/** Real nodes on TCP, with a supervisor that starts again whichever of them ends. */
export interface RealNodes {
  readonly addresses: readonly string[];
  readonly nemesis: Nemesis;
  /** Resolves when every node runs for the first time. */
  start(): Promise<void>;
  /** Resolves when every node runs. */
  allRun(): Promise<void>;
  /** Ends all nodes in order. */
  stop(): Promise<void>;
}
