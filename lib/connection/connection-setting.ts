import type { Buggify } from '../chaos/buggify';
import type { TimeProvider } from '../providers/time-provider';
import type { FlushQueue } from './flush-queue';
import type { HandshakeSetting } from '../handshake/handshake';
import type { ProtocolAdapters } from './protocol-adapter';
import type { TransportOptions } from './transport-options';

/**
 * A batch is written as soon as it holds this much, and otherwise at the end of the turn of the event loop: writing early
 * lets both processes work at once, and the bound on packets keeps small ones from waiting long.
 */
export const EARLY_FLUSH_BYTES = 16 * 1024;
export const EARLY_FLUSH_PACKETS = 64;

/** What a packet connection needs from its node. */
export interface ConnectionSetting extends HandshakeSetting {
  readonly options: TransportOptions;
  /** What is spoken with processes of earlier versions of the protocol. */
  readonly adapters: ProtocolAdapters;
  readonly time: TimeProvider;
  readonly flushes: FlushQueue;
  readonly buggify: Buggify;
  /** How many packets a batch holds when it is written at once. */
  readonly flushPackets: number;
}
