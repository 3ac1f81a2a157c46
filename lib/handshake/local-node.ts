import { MoonpoolError } from '../errors/moonpool-error';
import { formatNodeId, type NodeId } from '../identity/node-id';

/** A node hosts actors and is a member of the cluster; a client only calls. */
export type NodeRole = 'node' | 'client';

/** How long the name of a process, and that of its cluster, may be. */
const MAX_NAME_BYTES = 256;

/** Who this process is to others. The address is known when it listens, the incarnation when it has joined. */
export class LocalNode {
  private joined: NodeId | undefined;
  /** Where this node listens; the empty string while it does not. */
  address = '';

  /** @throws MoonpoolError INVALID_OPTION for a name of more than 256 bytes. */
  constructor(
    readonly role: NodeRole,
    /** The cluster's name: only nodes of one name talk to each other. */
    readonly cluster: string,
    readonly name: string,
  ) {
    // Both stand in every greeting, which is short.
    for (const [what, text] of Object.entries({ cluster, name })) {
      const bytes = Buffer.byteLength(text);
      if (bytes > MAX_NAME_BYTES) throw new MoonpoolError('INVALID_OPTION', { message: `The ${what} of this process has ${bytes} bytes; the limit is ${MAX_NAME_BYTES}` });
    }
  }

  get hasJoined(): boolean {
    return this.joined !== undefined;
  }

  /** @throws MoonpoolError RUNTIME_NOT_READY before the node has joined. */
  get node(): NodeId {
    if (this.joined === undefined) {
      throw new MoonpoolError('RUNTIME_NOT_READY', { message: `The node ${this.name} has not joined its cluster yet` });
    }
    return this.joined;
  }

  join(node: NodeId): void {
    this.joined = node;
  }

  toString(): string {
    return this.joined === undefined ? this.name : formatNodeId(this.joined);
  }
}
