import type { LinkKind } from './link';
import type { PacketConnection } from './packet-connection';

/** A connection that the other side has opened, and by which road. */
export interface OpenedConnection {
  readonly connection: PacketConnection;
  readonly kind: LinkKind;
}
