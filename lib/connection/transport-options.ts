import { token } from '../injection/token';
import { count, delay, duration, factor, text } from '../options/option-kind';
import { pathTo, type OptionMistake, type OptionPlace } from '../options/option-mistake';
import { optionTable, withDefaults } from '../options/option-table';
import { DEFAULT_MAX_PACKET_BYTES } from '../wire/packet';

/** The limits and intervals of the transport. Times are in milliseconds. */
export interface TransportOptions {
  /** The largest packet, header included. Default: 1 MiB and 24 bytes. */
  readonly maxPacketBytes: number;
  /** How many bytes may wait to be sent on one connection. Default: 64 MiB. */
  readonly maxQueuedBytes: number;
  /**
   * How many bytes may wait on a connection that the other side has opened before nothing more is read from it, until it
   * reads what waits. Default: 4 MiB.
   */
  readonly pauseQueuedBytes: number;
  /** How long the other side may then read nothing before the connection is given up. Default: 10,000. */
  readonly stalledLimitMs: number;
  /** How often a silent connection is asked for a heartbeat. Default: 1,000. */
  readonly pingIntervalMs: number;
  /** How long a connection may be silent before it is cut. Default: 3,000. */
  readonly silenceLimitMs: number;
  /**
   * How many times longer both are on a connection that nobody has used for a silence limit: a node has a connection to
   * every other one, most of which rest. Default: 5.
   */
  readonly restingFactor: number;
  /** How long a handshake may take. Default: 2,000. */
  readonly handshakeLimitMs: number;
  /** How many connections others may have opened to this process. Default: 10,000. */
  readonly maxConnections: number;
  /** How many of them may come from one host; all that come by Unix sockets count as one. Default: 1,000. */
  readonly maxConnectionsPerAddress: number;
  /** How many of them may be without a finished handshake; when one more comes, the oldest of them is cut. Default: 64. */
  readonly maxUnauthenticatedConnections: number;
  /** The wait before the first reconnect; it doubles with each failure. Default: 100. */
  readonly reconnectMinMs: number;
  /** The longest wait before a reconnect. Default: 30,000. */
  readonly reconnectMaxMs: number;
  /** How many reliable messages to one peer may wait for its acknowledgement. Default: 10,000. */
  readonly maxReliablePackets: number;
  /** How many bytes of reliable messages to one peer may wait for its acknowledgement. Default: 16 MiB. */
  readonly maxReliableBytes: number;
  /** How many unreliable messages to one peer may wait to be written; more are dropped. Default: 1,000. */
  readonly maxUnreliablePackets: number;
  /** How many bytes may wait on a connection before unreliable messages are dropped. Default: 1 MiB. */
  readonly maxUnreliableBytes: number;
  /** How long an acknowledgement may wait for others to go with it. Default: 20. */
  readonly acknowledgeAfterMs: number;
  /** Of how many senders that are not connected the place in their reliable messages is kept. Default: 10,000. */
  readonly maxReliableSessions: number;
  /** How long closing waits for reliable messages to be acknowledged. Default: 2,000. */
  readonly closeLimitMs: number;
  /**
   * A folder for Unix sockets that all nodes of this machine share. A node that listens on TCP then listens there too, and
   * is called there by the others of its machine. Only the user of the nodes should be able to write to it, and its path
   * should be short: sockets have at most some 100 characters. Default: undefined, TCP alone.
   */
  readonly localSocketFolder: string | undefined;
}
export const TransportOptions = token<TransportOptions>('TransportOptions');

export const DEFAULT_TRANSPORT_OPTIONS: TransportOptions = {
  maxPacketBytes: DEFAULT_MAX_PACKET_BYTES,
  maxQueuedBytes: 64 * 1024 * 1024,
  pauseQueuedBytes: 4 * 1024 * 1024,
  stalledLimitMs: 10_000,
  pingIntervalMs: 1_000,
  silenceLimitMs: 3_000,
  restingFactor: 5,
  handshakeLimitMs: 2_000,
  maxConnections: 10_000,
  maxConnectionsPerAddress: 1_000,
  maxUnauthenticatedConnections: 64,
  reconnectMinMs: 100,
  reconnectMaxMs: 30_000,
  maxReliablePackets: 10_000,
  maxReliableBytes: 16 * 1024 * 1024,
  maxUnreliablePackets: 1_000,
  maxUnreliableBytes: 1024 * 1024,
  acknowledgeAfterMs: 20,
  maxReliableSessions: 10_000,
  closeLimitMs: 2_000,
  localSocketFolder: undefined,
};

/** Smaller packets would hold no greeting, and hardly the header of a call. */
const SMALLEST_PACKET_BYTES = 4 * 1024;

export const TRANSPORT_OPTIONS = optionTable<Partial<TransportOptions>>(
  {
    maxPacketBytes: count(SMALLEST_PACKET_BYTES, 0xffff_ffff),
    maxQueuedBytes: count(1),
    pauseQueuedBytes: count(1),
    stalledLimitMs: duration(),
    pingIntervalMs: duration(),
    silenceLimitMs: duration(),
    restingFactor: factor(1),
    handshakeLimitMs: duration(),
    maxConnections: count(1),
    maxConnectionsPerAddress: count(1),
    maxUnauthenticatedConnections: count(1),
    reconnectMinMs: duration(),
    reconnectMaxMs: duration(),
    maxReliablePackets: count(1),
    maxReliableBytes: count(1),
    maxUnreliablePackets: count(1),
    maxUnreliableBytes: count(1),
    acknowledgeAfterMs: delay(),
    maxReliableSessions: count(1),
    closeLimitMs: delay(),
    localSocketFolder: text('the path of a folder'),
  },
  { together: disagreement },
);

/** Options that contradict each other, those that were not given included: they are what the others meet. */
function disagreement(options: Partial<TransportOptions>, { door, path }: OptionPlace): OptionMistake | undefined {
  const all = withDefaults(DEFAULT_TRANSPORT_OPTIONS, options);
  const nameOf = (name: keyof TransportOptions): string =>
    `${pathTo(path, name)} = ${String(all[name])}${options[name] === undefined ? ' (the default)' : ''}`;
  const say = (larger: keyof TransportOptions, smaller: keyof TransportOptions, remedy: string): OptionMistake => {
    return { message: `The options ${nameOf(larger)} and ${nameOf(smaller)} of ${door} contradict each other`, remedy };
  };
  if (all.silenceLimitMs <= all.pingIntervalMs)
    return say(
      'silenceLimitMs',
      'pingIntervalMs',
      'A connection would be cut before it is asked for a heartbeat: raise the first or lower the second; three to one is usual.',
    );
  return all.reconnectMaxMs < all.reconnectMinMs
    ? say(
        'reconnectMaxMs',
        'reconnectMinMs',
        'The wait before a reconnect grows from the second to the first: raise the first or lower the second.',
      )
    : undefined;
}
