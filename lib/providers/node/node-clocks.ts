import { uptime } from 'node:os';
// The global of this name is looked up by a getter at each use, which takes half as long as asking it.
import { performance } from 'node:perf_hooks';

/** The clocks of the machine that {@link NodeTimeProvider} compares, each in milliseconds since a moment of its own. */
export interface NodeClocks {
  /** Monotonic and fine, but it stands still while the machine is suspended. */
  processMs(): number;
  /** Goes on in a suspend, and may be set by hand or by the network. */
  wallMs(): number;
  /** Monotonic and goes on in a suspend, but slow to ask and, on some systems, told in whole seconds. */
  uptimeMs(): number;
}

/** The clocks that Node.js has. */
export const nodeClocks: NodeClocks = {
  processMs: () => performance.now(),
  wallMs: () => Date.now(),
  uptimeMs: () => uptime() * 1_000,
};
