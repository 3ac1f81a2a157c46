import type { Member, MembershipView } from './membership-store';

/** Those who want to know of each view with a new version, and of those who have died in it. */
export class ViewListeners {
  private readonly ofViews: ((view: MembershipView) => void)[] = [];
  private readonly ofDeaths: ((member: Member) => void)[] = [];

  onView(listener: (view: MembershipView) => void): void {
    this.ofViews.push(listener);
  }

  onDeath(listener: (member: Member) => void): void {
    this.ofDeaths.push(listener);
  }

  /** All know the view before anybody is told who has died in it. */
  tell(view: MembershipView, dead: readonly Member[]): void {
    for (const listener of this.ofViews) listener(view);
    for (const member of dead) for (const listener of this.ofDeaths) listener(member);
  }
}
