import { hosts } from '../cluster/hosted-versions';
import { NO_LABELS } from '../cluster/labels';
import { RENEWALS_PER_LEASE } from '../cluster/lease-options';
import type { Membership } from '../cluster/membership';
import type { Member, MembershipView } from '../cluster/membership-store';
import type { Location } from '../directory/location-cache';
import type { ClassVersion } from '../metadata/class-version';
import type { PlacementCandidate } from './placement-strategy';

/** A candidate, and where calls go when it is chosen. */
export interface LocatedCandidate extends PlacementCandidate {
  readonly location: Location;
}

/** A candidate whose load is counted on between two reports of it. */
interface CountedCandidate extends LocatedCandidate {
  load: number;
}

/** What this process has placed on a member since its last report. */
interface Placed {
  readonly incarnation: number;
  readonly leaseCounter: number;
  count: number;
}

/**
 * The candidates of each actor type in the present view, made once for each view: first calls come by the thousand. What this
 * process places is added to the loads that were reported: otherwise all that is placed until the next report would go to the
 * member that was least loaded at the last one.
 */
export class Candidates {
  private view: MembershipView | undefined;
  private readonly byType = new Map<string, readonly LocatedCandidate[]>();
  /** One for each member, by its name, so that what is placed for one type counts for all. */
  private readonly byMember = new Map<string, CountedCandidate>();
  private placedOn = new Map<string, Placed>();

  /** @param leaseTtlMs of this process, for members that do not say theirs. */
  constructor(
    private readonly membership: Pick<Membership, 'view' | 'hostsOf'>,
    private readonly leaseTtlMs: number,
  ) {}

  /** @param wanted the version of the class that they are to host; undefined when any will do. */
  of(type: string, wanted?: ClassVersion): readonly LocatedCandidate[] {
    const { view } = this.membership;
    if (view !== this.view) this.look(view);
    const wish = wanted === undefined ? type : `${wanted.isStrict ? '=' : '>'}${wanted.number} ${type}`;
    let candidates = this.byType.get(wish);
    if (candidates === undefined) {
      const members = this.membership.hostsOf(type);
      const suitable = wanted === undefined ? members : members.filter((member) => hosts(member, type, wanted));
      candidates = suitable.map((member) => this.candidate(member));
      this.byType.set(wish, candidates);
    }
    return candidates;
  }

  /** An actor was placed there: one of the present candidates. */
  placed({ name }: PlacementCandidate): void {
    const candidate = this.byMember.get(name);
    const placed = this.placedOn.get(name);
    if (candidate === undefined || placed === undefined) return;
    candidate.load++;
    placed.count++;
  }

  /** What was placed on members that have not reported since still counts; the reports of the others hold it. */
  private look(view: MembershipView): void {
    this.view = view;
    this.byType.clear();
    this.byMember.clear();
    const before = this.placedOn;
    this.placedOn = new Map(
      view.members.map(({ name, incarnation, leaseCounter }) => {
        const placed = before.get(name);
        const isSame = placed?.incarnation === incarnation && placed.leaseCounter === leaseCounter;
        return [name, isSame ? placed : { incarnation, leaseCounter, count: 0 }];
      }),
    );
  }

  private candidate(member: Member): LocatedCandidate {
    const { name, incarnation, address, labels, leaseCounter, terms } = member;
    let candidate = this.byMember.get(name);
    if (candidate === undefined) {
      const renewalMs = (terms?.leaseTtlMs ?? this.leaseTtlMs) / RENEWALS_PER_LEASE;
      const load = member.load + (this.placedOn.get(name)?.count ?? 0);
      const location = { node: { name, incarnation }, address };
      const ageMs = leaseCounter * renewalMs;
      candidate = { name, incarnation, address, labels: labels ?? NO_LABELS, load, ageMs, location };
      this.byMember.set(name, candidate);
    }
    return candidate;
  }
}
