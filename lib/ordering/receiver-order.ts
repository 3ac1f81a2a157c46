import type { Addressing } from '../addressing/addressing';
import type { Rejection } from '../calls/rejection';
import type { Request } from '../calls/request';
import type { PacketConnection } from '../connection/packet-connection';
import { RejectedActors } from './rejected-actors';
import { SenderConnections } from './sender-connections';

/** A request of another process, as far as its order matters. */
export interface OrderedRequest extends Pick<Request, 'target' | 'isOneWay'> {
  /** By which it came. */
  readonly connection: PacketConnection;
}

/** `late`: it came by a connection that its sender has left for a later one. A rejection: one that went before it was rejected so. */
export type OrderObjection = 'late' | Rejection;

/** The order of calls of one process to one actor, at the process that serves them: what must not be served for what went before it. */
export class ReceiverOrder {
  private readonly byProcess = new SenderConnections(({ remote }) => remote?.identity ?? '');
  private readonly byAddress = new SenderConnections(({ remote, calledAt }) => `${remote?.identity} ${calledAt}`);
  private readonly rejected = new RejectedActors();

  /** What is kept for requests that were rejected, and of connections that are gone. */
  get kept(): Readonly<Record<'rejectedActors' | 'goneConnections', number>> {
    return { rejectedActors: this.rejected.size, goneConnections: this.byProcess.gone + this.byAddress.gone };
  }

  /** Why the request must not be served now; undefined when nothing that went before it stands against that. */
  objectionTo({ target, connection, isOneWay }: OrderedRequest, addressing: Addressing): OrderObjection | undefined {
    if (this.isLate(connection, addressing)) return 'late';
    return isOneWay === true ? undefined : this.rejected.get(connection, target.path);
  }

  /** The request was rejected. Returns whether its sender is to note that. */
  onRejected({ target, connection }: OrderedRequest, { keepsOrder }: Addressing, rejection: Rejection): boolean {
    return keepsOrder && this.rejected.add(connection, target.path, rejection);
  }

  /** The sender has noted that a call of the actor was rejected, and holds what follows until it knows more. */
  onNoted(connection: PacketConnection, path: string): void {
    this.rejected.noted(connection, path);
  }

  /** Nothing comes by the connection any more. */
  forget(connection: PacketConnection): void {
    this.byProcess.forget(connection);
    this.byAddress.forget(connection);
    this.rejected.forget(connection);
  }

  /** Who is called by address may be called by several at once, each with a connection of its own: only those by one address follow each other. */
  private isLate(connection: PacketConnection, { isByAddress }: Addressing): boolean {
    if (!isByAddress) return this.byProcess.isLate(connection);
    return connection.calledAt !== undefined && this.byAddress.isLate(connection);
  }
}
