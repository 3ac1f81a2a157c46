import type { NodeId } from '../identity/node-id';
import { RANGES, type RangeOwners } from './ranges';
import type { Registration } from './actor-directory';
import { Registrations } from './registrations';

/** A range that this node owns, or has owned until another one has taken it over. */
interface OwnRange {
  /** Counts the times at which this node became its owner: what was asked for at an earlier one means nothing any more. */
  tenure: number;
  isOwned: boolean;
  /** Undefined until it is known what is in it, and when it was handed over. */
  registrations: Registrations | undefined;
}

/** What a new view changes of the ranges of a node. */
export interface RangeChanges {
  /** It owns them now, and does not know what is in them. */
  readonly gained: readonly number[];
  /** It owns them again, and nobody has asked for them meanwhile. */
  readonly resumed: readonly number[];
  /** It has answered for them, and does so no more. */
  readonly lost: readonly number[];
}

/**
 * The ranges of this node. Nobody else can have taken over one that it has held, without having asked it: so one that it owns again, after views in which it did not, and
 * for which nobody has asked meanwhile, is as it was.
 */
export class HeldRanges {
  private readonly ranges: readonly OwnRange[] = Array.from({ length: RANGES }, () => ({
    tenure: 0,
    isOwned: false,
    registrations: undefined,
  }));

  /** How many ranges this node owns and can answer for. */
  get held(): number {
    return this.ranges.filter(({ isOwned, registrations }) => isOwned && registrations !== undefined).length;
  }

  get owned(): number {
    return this.ranges.filter(({ isOwned }) => isOwned).length;
  }

  /** How many registrations there are in them. */
  get size(): number {
    return this.ranges.reduce((sum, { registrations }) => sum + (registrations?.size ?? 0), 0);
  }

  /** The owners of a new view. Resolves nothing and waits for nothing: from here on no range is answered for that is another's. */
  adopt(owners: RangeOwners, self: NodeId): RangeChanges {
    const [gained, resumed, lost]: [number[], number[], number[]] = [[], [], []];
    for (const [range, own] of this.ranges.entries()) {
      const isOwned = owners.isOwner(self, range);
      if (isOwned === own.isOwned) continue;
      own.isOwned = isOwned;
      if (isOwned) own.tenure++;
      if (own.registrations !== undefined) (isOwned ? resumed : lost).push(range);
      else if (isOwned) gained.push(range);
    }
    return { gained, resumed, lost };
  }

  /** What is in the range; undefined when this node does not own it, or does not know yet. */
  of(range: number): Registrations | undefined {
    const own = this.at(range);
    return own.isOwned ? own.registrations : undefined;
  }

  /** This node owns it, and does not know yet what is in it. */
  isMissing(range: number): boolean {
    const { isOwned, registrations } = this.at(range);
    return isOwned && registrations === undefined;
  }

  tenureOf(range: number): number {
    return this.at(range).tenure;
  }

  /** It is known what is in the range. */
  hold(range: number, content: Iterable<Registration>): void {
    const own = this.at(range);
    own.registrations = new Registrations();
    for (const registration of content) own.registrations.register(registration);
  }

  /** Hands over a range of which this node knows what is in it: from here on it does not. */
  giveUp(range: number): Registrations | undefined {
    const own = this.at(range);
    const { registrations } = own;
    own.registrations = undefined;
    return registrations;
  }

  /** All registrations, to be looked at. */
  *all(): Iterable<Registrations> {
    for (const { isOwned, registrations } of this.ranges)
      if (isOwned && registrations !== undefined) yield registrations;
  }

  private at(range: number): OwnRange {
    return this.ranges[range] as OwnRange;
  }
}
