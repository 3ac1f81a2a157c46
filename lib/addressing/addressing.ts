import type { ActorId } from '../identity/actor-id';

/** A call, as far as it matters for its route. */
export interface AddressedCall {
  readonly target: ActorId;
  /** The node that the caller's reference names; undefined where it names none. */
  readonly address: string | undefined;
}

/** The routes by which a process brings calls to their actors. */
export interface Routes<C> {
  /** To the node that listens at the address; undefined: to this one. */
  toAddress(call: C, address: string | undefined): void;
  /** To the process in which the object of an observer lives. */
  toHome(call: C): void;
  /** To some node that hosts the class: this one, if it does and has not rejected the call. */
  toAnyHost(call: C): void;
  /** To the one activation in the cluster, behind all calls of this process that are under way to it. */
  toActivation(call: C): void;
}

/**
 * How the actors of one kind are addressed: what calls, activations and references have to know of the kind of an actor, and
 * all that they may ask about it. The descriptor of a class holds the one of its actors.
 */
export interface Addressing {
  /** Its actors have keys; of those without, each node has one. */
  readonly hasKey: boolean;
  /** Nodes activate its actors, and say in the membership that they do. Otherwise they are objects of some process, and live as long as that. */
  readonly isHosted: boolean;
  /** The caller says which node is meant, and may reach one node by several addresses at a time. */
  readonly isByAddress: boolean;
  /** The directory knows where an actor is, and the cluster has one activation of it at most. */
  readonly isRegistered: boolean;
  /** Each node has an actor of its own under the same id, with a state of its own. */
  readonly belongsToNode: boolean;
  /** A call that did not leave, or that a node has rejected, may go to another node. */
  readonly mayMove: boolean;
  /** Calls of one process to one actor begin in the order in which they were made. */
  readonly keepsOrder: boolean;
  /** A node may have so many activations of one key, which share its calls; undefined when it has one at most. */
  readonly maxPerNode: number | undefined;
  /** Where the ids of activations begin; by it histories tell the kinds apart. */
  readonly activationPrefix: string;
  /** Sends the call by the route of its kind. Every failure reaches the call; nothing is thrown. */
  route<C extends AddressedCall>(call: C, routes: Routes<C>): void;
}
