import type { NodeId } from '../identity/node-id';
import { token } from '../injection/token';
import { IN_CONTRACTS, whole } from '../injection/whole-contract';
import type { OperationTable } from '../providers/store-operations';

/** Where an actor is. */
export interface Registration {
  /** The path of the actor. */
  readonly actor: string;
  /** The id of the activation, unique in the cluster. */
  readonly activation: string;
  readonly node: NodeId;
  /** The address of the node. */
  readonly address: string;
}

/**
 * Says where each actor is. An activation is registered before its state is loaded or any hook runs, so that of two
 * that race only one does anything. Every method throws MoonpoolError STORAGE_UNAVAILABLE when the directory did not
 * answer; the operation then may have been applied.
 */
export interface ActorDirectory {
  lookup(actor: string): Promise<Registration | undefined>;
  /**
   * Registers the candidate if the actor has no registration, or if its registration is of the activation `replaces`.
   * Resolves to the registration that holds afterwards: the candidate, or the winner that was there before.
   */
  register(candidate: Registration, replaces?: string): Promise<Registration>;
  /** Removes the registration if it is still of this activation. */
  unregister(actor: string, activation: string): Promise<void>;
  /**
   * The activation takes no more turns, and waits for another one to take its place: its registration stays until that replaces it, or it is removed. Only a
   * directory that is restored from activations has to know.
   */
  depart?(actor: string, activation: string): void;
  /** Another activation has taken the place of this one, which waited for it: it is not registered any more. */
  departed?(actor: string, activation: string): void;
}
export const ActorDirectory = token<ActorDirectory>(
  'ActorDirectory',
  whole('ActorDirectory', () => DIRECTORY_OPERATIONS, IN_CONTRACTS),
);

/** The operations of {@link ActorDirectory}. To depart, and to have departed, are none: nothing is asked. */
export const DIRECTORY_OPERATIONS = {
  lookup: { name: 'lookup', does: 'look up an actor', reads: true },
  register: { name: 'register', does: 'register an actor' },
  unregister: { name: 'unregister', does: 'remove the registration of an actor' },
} as const satisfies OperationTable<Omit<ActorDirectory, 'depart' | 'departed'>>;
