import type { Labels } from '../cluster/labels';
import type { ActorId } from '../identity/actor-id';
import type { NodeId } from '../identity/node-id';
import { token } from '../injection/token';
import { whole } from '../injection/whole-contract';

/** A node on which an actor may be placed: an active member that hosts its type. */
export interface PlacementCandidate extends NodeId {
  /** Where it listens. */
  readonly address: string;
  /** What was said of it when it started; empty when nothing was. */
  readonly labels: Labels;
  /**
   * How many activations it had when it last renewed its lease, up to a third of a lease ago, each counted for more while its event loop was late, and what this process has
   * placed there since.
   */
  readonly load: number;
  /** How long it has been a member, in milliseconds: by the number of its renewals, so to a third of a lease. */
  readonly ageMs: number;
}

/** Chooses the node on which an actor that is nowhere is activated. Asked for each first call, so it must be quick, and wait for nothing. */
export interface PlacementStrategy {
  /**
   * One of the candidates; undefined when none of them will do, which the caller learns as NO_NODE_AVAILABLE.
   * @param actor its type and key may matter.
   * @param candidates at least one, sorted by name.
   * @param local the node that asks; undefined for a client.
   */
  choose(
    actor: ActorId,
    candidates: readonly PlacementCandidate[],
    local: NodeId | undefined,
  ): PlacementCandidate | undefined;
}
/** The strategy for actors whose class names none. */
export const PlacementStrategy = token<PlacementStrategy>(
  'PlacementStrategy',
  whole('PlacementStrategy', () => ({ choose: 0 })),
);
