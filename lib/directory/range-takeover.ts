import type { Member } from '../cluster/membership-store';
import { formatNodeId, sameNode } from '../identity/node-id';
import type { LocalNode } from '../identity/local-node';
import type { TimeProvider } from '../providers/time-provider';
import type { Registration } from './actor-directory';
import { arrivedOwn, type RangeContent, type RangesAnswer, type RangesRequest } from './directory-requests';
import type { HeldRanges } from './held-ranges';
import { restored, type OwnRegistration, type OwnRegistrations } from './own-registrations';
import { RangeOwners } from './ranges';

/** What is needed to learn what is in ranges. */
export interface RangeTakeoverParts {
  readonly local: Pick<LocalNode, 'node'>;
  readonly held: HeldRanges;
  readonly own: OwnRegistrations;
  readonly time: TimeProvider;
  /** The owners in the present view. */
  readonly owners: () => RangeOwners;
  readonly refresh: () => Promise<void>;
  /** Asks a member. Rejects as requests to fixed endpoints do. */
  readonly ask: (member: Member, request: RangesRequest) => Promise<RangesAnswer>;
  /** It is known what is in these ranges. */
  readonly onKnown: (contents: ReadonlyMap<number, readonly Registration[]>, how: 'handed-over' | 'restored') => void;
  readonly isOver: () => boolean;
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
  private readonly told = new Map<string, Set<number>>();

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
    const told = this.told.get(formatNodeId(member));
    return told === undefined ? this.open : this.open.filter((range) => !told.has(range));
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
      ranges.set(id, [...(ranges.get(id) ?? []), range]);
    }
    const asked = this.others.map((other) => this.ask(other, ranges.get(formatNodeId(other)) ?? [], false));
    await Promise.all(asked);
  }

  /** Page by page, as far as it tells. Never rejects: whoever does not answer is asked again, until it does or is dead. */
  private async ask(member: Member, ranges: readonly number[], restores: boolean): Promise<void> {
    const { local, owners, ask } = this.parts;
    const { name, incarnation } = local.node;
    try {
      for (let rest = ranges; rest.length > 0;) {
        const asked = owners().view.version;
        const { view, contents } = await ask(member, { name, incarnation, view: asked, ranges: rest, restores });
        this.take(member, contents);
        if (view > owners().view.version) await this.refresh();
        const told = new Set(contents.map(({ range }) => range));
        if (told.size === 0) return;
        rest = rest.filter((range) => !told.has(range) && this.isOpen(range));
      }
    } catch {
      await this.refresh();
    }
  }

  private take(member: Member, contents: readonly RangeContent[]): void {
    const whole = new Map<number, readonly Registration[]>();
    for (const { range, isWhole, registrations } of contents) {
      if (!this.isOpen(range)) continue;
      const arrived = registrations.map(arrivedOwn);
      if (isWhole) whole.set(range, arrived);
      else this.note(formatNodeId(member), range, arrived);
    }
    if (whole.size > 0) this.parts.onKnown(whole, 'handed-over');
  }

  private note(member: string, range: number, registrations: readonly OwnRegistration[]): void {
    const told = this.told.get(member) ?? new Set();
    this.told.set(member, told.add(range));
    this.reports.set(range, [...(this.reports.get(range) ?? []), ...registrations]);
  }

  /** Those of which all live nodes have told. */
  private restore(): void {
    const { own, onKnown } = this.parts;
    const { others } = this;
    const hasTold = (range: number) => others.every((other) => this.told.get(formatNodeId(other))?.has(range) === true);
    const known = this.open.filter(hasTold);
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
