import { describeValue } from '../errors/describe-value';
import { MoonpoolError } from '../errors/moonpool-error';
import { isVisible } from '../errors/outside-text';
import { objectionToText } from './actor-id';
import { formatNodeId, type NodeId } from './node-id';
import { markOf, SESSION_BYTES } from './session';

/** A node hosts actors and is a member of the cluster; a client only calls. */
export type NodeRole = 'node' | 'client';

/** Who speaks on a connection: an operator hosts nothing and calls nobody; it asks processes what they say of themselves. */
export type ProcessRole = NodeRole | 'operator';

/** How long the name of a process, and that of its cluster, may be. */
export const MAX_NAME_BYTES = 256;

/** Who this process is to others. The address is known when it listens, the incarnation when it has joined. */
export class LocalNode {
  private joined: NodeId | undefined;
  private givenName: string | undefined;
  /** True when the name is this life's alone: what is kept by it is not found again. */
  readonly hasPassingName: boolean;
  private ownSession: Buffer = Buffer.alloc(SESSION_BYTES);
  private ownMark: string | undefined;
  /** Where others reach this node; the empty string while it does not listen. */
  address = '';

  /**
   * @param name undefined: it is made up later, with {@link call}.
   * @throws MoonpoolError INVALID_OPTION for a name or a cluster that no greeting could carry.
   */
  constructor(
    readonly role: ProcessRole,
    /** The cluster's name: only nodes of one name talk to each other. */
    readonly cluster: string,
    name: string | undefined,
  ) {
    // Both stand in every greeting, which is short.
    checkName('cluster', cluster);
    this.hasPassingName = name === undefined;
    if (name !== undefined) this.call(name);
  }

  /** Gives this process the name that it was not given at first. @throws MoonpoolError INVALID_OPTION */
  call(name: string): void {
    checkName('name', name);
    this.givenName = name;
  }

  /** Never empty, and no other process of the cluster has it. @throws MoonpoolError RUNTIME_NOT_READY while it is not known. */
  get name(): string {
    if (this.givenName === undefined)
      throw new MoonpoolError('RUNTIME_NOT_READY', { message: 'This process has no name yet' });
    return this.givenName;
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

  /** The number of this life that nobody can guess; zeros until the transport has drawn it. */
  get session(): Buffer {
    return this.ownSession;
  }

  /** What may be said of the session: it leads to this process alone. */
  get mark(): string {
    this.ownMark ??= markOf(this.ownSession);
    return this.ownMark;
  }

  openSession(session: Buffer): void {
    this.ownSession = session;
    this.ownMark = undefined;
  }

  join(node: NodeId): void {
    this.joined = node;
  }

  toString(): string {
    return this.joined === undefined ? (this.givenName ?? 'a process without a name') : formatNodeId(this.joined);
  }
}

/** Names stand in greetings, logs and the keys of observers. */
function checkName(what: string, text: unknown): void {
  const objection =
    typeof text !== 'string'
      ? 'is no text'
      : text === ''
        ? 'is empty'
        : (objectionToText(text, MAX_NAME_BYTES) ??
          (isVisible(text) ? undefined : 'holds characters that cannot be seen'));
  if (objection === undefined) return;
  throw new MoonpoolError('INVALID_OPTION', {
    message: `The ${what} of this process, ${describeValue(text)}, ${objection}`,
  });
}
