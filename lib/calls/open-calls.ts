import type { PacketConnection } from '../connection/packet-connection';
import { LinkedList, type Linked } from '../concurrency/linked-list';
import type { ActorId } from '../identity/actor-id';

/** A call that its turn waits for, as others see it. */
export interface OpenCall {
  readonly target: ActorId;
  readonly correlation: number;
  /** Unique in the cluster. */
  readonly call: string;
  /** By which it was sent; undefined for one that has not left this process. */
  readonly connection: PacketConnection | undefined;
  /** Its place among the calls of the turn; undefined until it has one. Written by their list alone. */
  place: OpenPlace | undefined;
}

/** The place of a call among those of its turn: by its own links it stands among all of its process. */
class OpenPlace implements Linked {
  earlier: Linked | undefined;
  later: Linked | undefined;
  isLinked = false;

  constructor(readonly call: OpenCall) {}
}

/** The calls made from one turn that have not ended. */
export class OpenCalls extends LinkedList<OpenPlace> {
  add(call: OpenCall): void {
    const place = new OpenPlace(call);
    call.place = place;
    this.append(place);
  }

  /** Does nothing for a call that is not in the list: some end before they begin. */
  remove({ place }: OpenCall): void {
    if (place !== undefined) this.unlink(place);
  }

  /** All of them, the newest first. A list of its own: what is done about one may end others. */
  get all(): readonly OpenCall[] {
    return this.items.map(({ call }) => call).reverse();
  }
}
