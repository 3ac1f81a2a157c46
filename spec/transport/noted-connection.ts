import { formatNodeId, type NodeId } from '../../lib/identity/node-id';
import type { Uid } from '../../lib/identity/uid';
import type { PacketConnection } from '../../lib/connection/packet-connection';
import { ByteWriter } from '../../lib/serialization/byte-writer';

/** A connection as reliable messages need it, which takes down the payloads that are written to it. */
export class NotedConnection {
  readonly payloads: Buffer[] = [];
  readonly isReady = true;
  isClosed = false;
  queuedBytes = 0;
  readonly remote: { readonly node: NodeId; readonly identity: string };
  private writer = new ByteWriter();

  constructor(
    readonly order: number,
    node: NodeId = { name: 'other', incarnation: 1 },
  ) {
    this.remote = { node, identity: `node ${formatNodeId(node)} 5e55` };
  }

  /** As the connection that it stands for: it has the members that are used and no others. */
  get asConnection(): PacketConnection {
    return this as unknown as PacketConnection;
  }

  begin(_token: Uid): ByteWriter {
    this.writer = new ByteWriter();
    return this.writer;
  }

  end(): void {
    const payload = this.writer.take();
    this.queuedBytes += payload.length;
    this.payloads.push(payload);
  }
}
