import type { Labels } from '../cluster/labels';
import type { ActorId } from '../identity/actor-id';
import type { NodeId } from '../identity/node-id';
import type { PlacementCandidate, PlacementStrategy } from './placement-strategy';

/** Labels, each with the value that is wanted, or with several of which one will do. */
export type WantedLabels = Readonly<Record<string, string | readonly string[]>>;

/** What is wanted of a node. */
export interface NodeWishes {
  /** It has all of these, or it is not chosen. Default: none. */
  readonly required?: WantedLabels;
  /** Of the nodes that will do, those are chosen that have most of these. Default: none. */
  readonly preferred?: WantedLabels;
}

/** Nodes with certain labels; among those that have them equally, what another strategy chooses. */
export class LabelledPlacement implements PlacementStrategy {
  private readonly required: readonly Wish[];
  private readonly preferred: readonly Wish[];

  constructor(
    { required = {}, preferred = {} }: NodeWishes,
    private readonly otherwise: PlacementStrategy,
  ) {
    this.required = wishesOf(required);
    this.preferred = wishesOf(preferred);
  }

  choose(
    actor: ActorId,
    candidates: readonly PlacementCandidate[],
    local: NodeId | undefined,
  ): PlacementCandidate | undefined {
    let most = 0;
    let best: PlacementCandidate[] = [];
    for (const candidate of candidates) {
      const { labels } = candidate;
      if (!this.required.every((wish) => grants(labels, wish))) continue;
      const granted = this.preferred.filter((wish) => grants(labels, wish)).length;
      if (best.length === 0 || granted > most) [most, best] = [granted, [candidate]];
      else if (granted === most) best.push(candidate);
    }
    return best.length === 0 ? undefined : this.otherwise.choose(actor, best, local);
  }
}

interface Wish {
  readonly label: string;
  readonly values: ReadonlySet<string>;
}

function wishesOf(wanted: WantedLabels): readonly Wish[] {
  return Object.entries(wanted).map(([label, value]) => ({
    label,
    values: new Set(typeof value === 'string' ? [value] : value),
  }));
}

function grants(labels: Labels, { label, values }: Wish): boolean {
  const value = labels[label];
  return value !== undefined && values.has(value);
}
