import type { NodeLife } from '../timeline/node-life';
import type { NetworkHost } from './network-host';
import type { WireTap } from './wire-tap';

/** What one side of a connection is made from. */
export interface ConnectionSide {
  readonly host: NetworkHost;
  readonly life: NodeLife;
  /** `10.0.0.1:40001>10.0.0.2:5000`, the same for both sides. */
  readonly name: string;
  readonly remoteAddress: string;
  /** How many bytes may be on their way before `write` asks to wait. */
  readonly sendBufferBytes: number;
  readonly tap: WireTap;
  /** Learns when this side is gone. */
  readonly gone: () => void;
}
