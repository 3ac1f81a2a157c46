import { RangeSet } from '../../../directory/range-set';
import type { TimelineEvent } from '../../timeline/timeline';
import { numberField, textField, type HistoryInvariant } from '../history/history-invariant';
import type { LeaseLook } from './single-activation';

interface Holder {
  readonly node: string;
  readonly generation: number;
}

/**
 * Nodes agree on who owns the ranges of a partitioned directory: in one view one node alone answers for a range, and at no time do two that hold their leases.
 */
export class OneOwnerOfARange implements HistoryInvariant {
  readonly name = 'one owner of a range';
  readonly after = ['directory-range-held', 'directory-range-lost', 'death'] as const;
  private readonly holders = new Map<number, Holder>();
  /** Who has said that it answers for a range in a view, by view and range. */
  private readonly inViews = new Map<number, Map<number, Holder>>();

  /** @param holdsLease without it, only what the history alone can show is found. */
  constructor(private readonly holdsLease: LeaseLook = () => false) {}

  observe(event: TimelineEvent): string | undefined {
    const { node, generation } = event;
    if (event.name === 'death') {
      for (const [range, holder] of this.holders) if (isSame(holder, { node, generation })) this.holders.delete(range);
      return undefined;
    }
    for (const range of RangeSet.of(textField(event, 'ranges'))) {
      const holder = this.holders.get(range);
      if (event.name === 'directory-range-lost') {
        if (holder !== undefined && isSame(holder, { node, generation })) this.holders.delete(range);
        continue;
      }
      const problem = this.onHeld(range, { node, generation }, numberField(event, 'view'));
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  private onHeld(range: number, by: Holder, view: number): string | undefined {
    const before = this.holders.get(range);
    this.holders.set(range, by);
    const ofView = this.inViews.get(view) ?? new Map<number, Holder>();
    const inView = ofView.get(range);
    this.inViews.set(view, ofView.set(range, by));
    if (inView !== undefined && !isSame(inView, by))
      return `${by.node} answers for the range ${range} in view ${view}, as ${inView.node} has done`;
    if (before === undefined || isSame(before, by) || !this.holdsLease(before.node, before.generation))
      return undefined;
    return `${by.node} answers for the range ${range} while ${before.node}, which holds its lease, has not given it up`;
  }
}

function isSame(one: Holder, other: Holder): boolean {
  return one.node === other.node && one.generation === other.generation;
}
