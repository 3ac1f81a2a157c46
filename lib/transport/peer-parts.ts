import type { ConnectionSetting } from '../connection/connection-setting';
import type { PacketConnection, PacketConnectionEvents } from '../connection/packet-connection';
import type { NetworkAddress } from '../identity/network-address';
import type { NetworkProvider } from '../providers/network-provider';
import type { RandomProvider } from '../providers/random-provider';
import type { FailureMonitor } from './failure-monitor';
import type { OpenedConnection } from './opened-connections';
import type { UndeliveredListener } from './reliable-queue';

/** What a peer needs from its transport. */
export interface PeerParts {
  readonly address: NetworkAddress;
  readonly network: NetworkProvider;
  readonly setting: ConnectionSetting;
  readonly events: PacketConnectionEvents;
  readonly random: RandomProvider;
  /** The host that this node listens on; the empty string while it does not. */
  readonly ownHost: () => string;
  /** Learns whether the address answers. */
  readonly monitor: FailureMonitor;
  /** Takes down that a connection is the link of this peer. */
  readonly claim: (connection: PacketConnection) => void;
  /** The connection that the node at the address has opened to this one, if there is one. */
  readonly opened: () => OpenedConnection | undefined;
  /** The number of the first reliable message. */
  readonly firstSequence: number;
  readonly onUndelivered: UndeliveredListener;
}
