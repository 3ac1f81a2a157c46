import { NO_LABELS } from '../cluster/labels';
import { RENEWALS_PER_LEASE } from '../cluster/lease-options';
import type { Membership } from '../cluster/membership';
import type { Member, MembershipView } from '../cluster/membership-store';
import type { PlacementCandidate } from './placement-strategy';

/** The candidates of each actor type in the present view, made once for each view: first calls come by the thousand. */
export class Candidates {
  private view: MembershipView | undefined;
  private readonly byType = new Map<string, readonly PlacementCandidate[]>();

  /** @param leaseTtlMs of this process, for members that do not say theirs. */
  constructor(
    private readonly membership: Pick<Membership, 'view' | 'hostsOf'>,
    private readonly leaseTtlMs: number,
  ) {}

  of(type: string): readonly PlacementCandidate[] {
    const { view } = this.membership;
    if (view !== this.view) {
      this.view = view;
      this.byType.clear();
    }
    let candidates = this.byType.get(type);
    if (candidates === undefined) {
      candidates = this.membership.hostsOf(type).map((member) => this.candidate(member));
      this.byType.set(type, candidates);
    }
    return candidates;
  }

  private candidate({ name, incarnation, address, labels, load, leaseCounter, terms }: Member): PlacementCandidate {
    const renewalMs = (terms?.leaseTtlMs ?? this.leaseTtlMs) / RENEWALS_PER_LEASE;
    return { name, incarnation, address, labels: labels ?? NO_LABELS, load, ageMs: leaseCounter * renewalMs };
  }
}
