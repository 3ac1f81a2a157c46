import type { Lease } from '../cluster/lease';
import type { Member } from '../cluster/membership-store';
import { formatNodeId, sameNode } from '../identity/node-id';
import type { LocalNode } from '../identity/local-node';
import type { TimeProvider } from '../providers/time-provider';
import type { Registration } from './actor-directory';
import { arrivedOwn, type RangesAnswer, type RangesRequest, type TravellingOwn } from './directory-requests';
import type { HeldRanges } from './held-ranges';
import { restored, type OwnRegistration, type OwnRegistrations } from './own-registrations';
import { RangeSet } from './range-set';
import { RangeOwners, rangeOf } from './ranges';

/** What is needed to learn what is in ranges. */
export interface RangeTakeoverParts {
  readonly local: Pick<LocalNode, 'node'>;
  readonly held: HeldRanges;
  readonly own: OwnRegistrations;
  readonly time: TimeProvider;
  readonly lease: Pick<Lease, 'held'>;
  /** The owners in the present view. */
  readonly owners: () => RangeOwners;
  readonly refresh: () => Promise<void>;
  /** Asks a member. Rejects as requests to fixed endpoints do. */
  readonly ask: (member: Member, request: RangesRequest) => Promise<RangesAnswer>;
  /** It is known what is in these ranges. */
  readonly onKnown: (contents: ReadonlyMap<number, readonly Registration[]>, how: 'handed-over' | 'restored') => void;
  readonly isOver: () => boolean;
}

/** What a member has told of ranges: all that is in them, or its own activations. */
interface ToldOfRanges {
  readonly whole: RangeSet;
  readonly own: RangeSet;
  readonly registrations: readonly TravellingOwn[];
}

/** How long it waits before it asks again those that have not answered, in milliseconds: twice as long each time. */
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 500;

/**
 * Learns what is in ranges that this node has come to own. Whoever has held a range hands it over; where that node is gone, or does not know itself, the range is restored from what every live node says of
 * its own activations. So nothing is kept until it is acknowledged: what is lost on its way is restored.
 */
export class RangeTakeover {
  private readonly tenures: ReadonlyMap<number, number>;
  private readonly reports = new Map<number, OwnRegistration[]>();
  /** The ranges of which a node has told all, by node. */
  private readonly told = new Map<string, RangeSet>();

  /** @param before the owners in the view in which this node did not own them. */
  constructor(
    private readonly parts: RangeTakeoverParts,
    ranges: readonly number[],
    private readonly before: RangeOwners,
  ) {
    this.tenures = new Map(ranges.map((range) => [range, parts.held.tenureOf(range)]));
  }

  /** Resolves when each of the ranges is known, or is another node's. Never rejects. */
  async run(): Promise<void> {
    await this.askHolders();
    for (let pauseMs = FIRST_PAUSE_MS; this.open.length > 0; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      await Promise.all(this.others.map((other) => this.ask(other, this.untoldBy(other), true)));
      this.restore();
      if (this.open.length === 0) return;
      await this.parts.time.sleep(pauseMs);
      await this.refresh();
    }
  }

  /** The ranges that this node still owns as it did at the beginning, and of which it does not know yet what is in them. */
  private get open(): readonly number[] {
    return this.parts.isOver() ? [] : [...this.tenures.keys()].filter((range) => this.isOpen(range));
  }

  private isOpen(range: number): boolean {
    const { held } = this.parts;
    return held.isMissing(range) && held.tenureOf(range) === this.tenures.get(range);
  }

  /** All live members but this node: each of them may have activations. */
  private get others(): readonly Member[] {
    const { local, owners } = this.parts;
    return owners().view.members.filter((member) => member.status !== 'dead' && !sameNode(member, local.node));
  }

  private untoldBy(member: Member): readonly number[] {
    const told = this.toldBy(member);
    return this.open.filter((range) => !told.has(range));
  }

  /** Once: those that do not answer, or have nothing to hand over, are asked with all others. */
  private async askHolders(): Promise<void> {
    const { local, owners } = this.parts;
    const without = new RangeOwners(owners().view, local.node);
    const ranges = new Map<string, number[]>();
    for (const range of this.tenures.keys()) {
      const holder = this.before.ownerOf(range) ?? without.ownerOf(range);
      if (holder === undefined) continue;
      const id = formatNodeId(holder);
      const ofHolder = ranges.get(id);
      if (ofHolder === undefined) ranges.set(id, [range]);
      else ofHolder.push(range);
    }
    const asked = this.others.map((other) => this.ask(other, ranges.get(formatNodeId(other)) ?? [], false));
    await Promise.all(asked);
  }

  /** Page by page, as far as it tells. Never rejects: whoever does not answer is asked again, until it does or is dead. */
  private async ask(member: Member, ranges: readonly number[], restores: boolean): Promise<void> {
    const { local, lease, owners, ask } = this.parts;
    const { name, incarnation } = local.node;
    try {
      for (let rest = ranges; rest.length > 0;) {
        const asked = owners().view.version;
        const of = new RangeSet(rest).toString();
        const { view, ...answer } = await ask(member, { name, incarnation, view: asked, ranges: of, restores });
        // Others may be owners by now: what it cannot take is restored when it has its lease again.
        if (!lease.held) return;
        const [whole, own] = [RangeSet.of(answer.whole), RangeSet.of(answer.own)];
        this.take(member, { whole, own, registrations: answer.registrations });
        if (view > owners().view.version) await this.refresh();
        if (whole.size + own.size === 0) return;
        rest = rest.filter((range) => !whole.has(range) && !own.has(range) && this.isOpen(range));
      }
    } catch {
      await this.refresh();
    }
  }

  private take(member: Member, { whole, own, registrations }: ToldOfRanges): void {
    const told = this.toldBy(member);
    const contents = new Map<number, OwnRegistration[]>();
    for (const range of whole) if (this.isOpen(range)) contents.set(range, []);
    for (const range of own) if (this.isOpen(range)) told.add(range);
    for (const registration of registrations) {
      const range = rangeOf(registration.actor);
      const arrived = arrivedOwn(registration);
      if (whole.has(range)) contents.get(range)?.push(arrived);
      else if (own.has(range) && this.isOpen(range)) this.report(range, arrived);
    }
    if (contents.size > 0) this.parts.onKnown(contents, 'handed-over');
  }

  private toldBy(member: Member): RangeSet {
    const id = formatNodeId(member);
    let told = this.told.get(id);
    if (told === undefined) this.told.set(id, (told = new RangeSet()));
    return told;
  }

  private report(range: number, registration: OwnRegistration): void {
    const reports = this.reports.get(range);
    if (reports === undefined) this.reports.set(range, [registration]);
    else reports.push(registration);
  }

  /** Those of which all live nodes have told. */
  private restore(): void {
    const { own, lease, onKnown } = this.parts;
    if (!lease.held) return;
    const tellings = this.others.map((other) => this.toldBy(other));
    const known = this.open.filter((range) => tellings.every((told) => told.has(range)));
    if (known.length === 0) return;
    onKnown(
      new Map(
        known.map((range) => [range, restored([...(this.reports.get(range) ?? []), ...own.report(range)])] as const),
      ),
      'restored',
    );
  }

  /** Without the store the view that there is must do. */
  private refresh(): Promise<void> {
    return this.parts.refresh().catch(() => undefined);
  }
}
