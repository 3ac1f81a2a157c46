import type { Buggify } from '../chaos/buggify';
import type { TimeProvider } from '../providers/time-provider';
import type { FlushQueue } from './flush-queue';
import type { HandshakeSetting } from '../handshake/handshake';
import type { TransportOptions } from './transport-options';

/** What a packet connection needs from its node. */
export interface ConnectionSetting extends HandshakeSetting {
  readonly options: TransportOptions;
  readonly time: TimeProvider;
  readonly flushes: FlushQueue;
  readonly buggify: Buggify;
  /** How many packets a batch holds when it is written at once. */
  readonly flushPackets: number;
}
