import type { Rejection } from '../calls/rejection';
import type { PacketConnection } from '../connection/packet-connection';

/** For how many actors of one connection it is kept; beyond that, calls of other actors may overtake what was rejected. */
const CAPACITY = 10_000;

/**
 * The actors whose calls are rejected, by the connections by which they come. When one was rejected, those that follow it
 * by the same connection are rejected as well, until the sender has noted it: otherwise a later one might be served here
 * while the earlier one is on its way elsewhere.
 */
export class RejectedActors {
  private readonly byConnection = new Map<PacketConnection, Map<string, Rejection>>();

  /** Of how many connections something is kept. */
  get size(): number {
    return this.byConnection.size;
  }

  /** Why calls of the actor are rejected at present; undefined when they are not. */
  get(from: PacketConnection, path: string): Rejection | undefined {
    return this.byConnection.size === 0 ? undefined : this.byConnection.get(from)?.get(path);
  }

  /** A call was rejected. True when it is the first since the sender noted the last, which it is to be told. */
  add(from: PacketConnection, path: string, rejection: Rejection): boolean {
    // A request may be rejected when its connection has ended: nothing follows it there, and nobody would ever note it.
    if (from.isClosed) return false;
    const paths = this.byConnection.get(from) ?? new Map<string, Rejection>();
    if (paths.has(path) || paths.size >= CAPACITY) return false;
    paths.set(path, rejection);
    this.byConnection.set(from, paths);
    return true;
  }

  /** The sender knows, and holds what follows until it knows more. */
  noted(from: PacketConnection, path: string): void {
    const paths = this.byConnection.get(from);
    paths?.delete(path);
    if (paths?.size === 0) this.byConnection.delete(from);
  }

  /** Nothing comes by the connection any more. */
  forget(from: PacketConnection): void {
    this.byConnection.delete(from);
  }
}
