import type { ActorId } from '../identity/actor-id';
import type { PacketConnection } from '../connection/packet-connection';

/** A call that its turn waits for, as others see it. */
export interface OpenCall {
  readonly target: ActorId;
  readonly correlation: number;
  /** Unique in the cluster. */
  readonly call: string;
  /** By which it was sent; undefined for one that has not left this process. */
  readonly connection: PacketConnection | undefined;
  /** Neighbours among the calls of the turn. Written by their list alone. */
  older: OpenCall | undefined;
  newer: OpenCall | undefined;
}

/** The calls made from one turn that have not ended: linked, so that a call costs next to nothing. */
export class OpenCalls {
  count = 0;
  private newest: OpenCall | undefined;

  add(call: OpenCall): void {
    call.older = this.newest;
    if (this.newest !== undefined) this.newest.newer = call;
    this.newest = call;
    this.count++;
  }

  /** Does nothing for a call that is not in the list: some end before they begin. */
  remove(call: OpenCall): void {
    const { older, newer } = call;
    if (newer === undefined && this.newest !== call) return;
    if (newer === undefined) this.newest = older;
    else newer.older = older;
    if (older !== undefined) older.newer = newer;
    call.older = undefined;
    call.newer = undefined;
    this.count--;
  }

  /** All of them, the newest first. A list of its own: what is done about one may end others. */
  get all(): readonly OpenCall[] {
    const calls: OpenCall[] = [];
    for (let call = this.newest; call !== undefined; call = call.older) calls.push(call);
    return calls;
  }
}
