import { Deferred } from '../concurrency/deferred';
import type { TimeProvider } from '../providers/time-provider';
import { readMembers } from './asked-members';
import type { MembershipStore, MembershipView } from './membership-store';

/** How long a node that was declared dead waits to learn why, in milliseconds; it does not serve meanwhile. */
const EXPLANATION_LIMIT_MS = 500;

/** The present view, or the one that is known when the store takes too long. */
export async function timelyView(
  { store, time }: { readonly store: MembershipStore; readonly time: TimeProvider },
  known: MembershipView,
): Promise<MembershipView> {
  const limit = new Deferred<MembershipView>();
  const timer = time.schedule(EXPLANATION_LIMIT_MS, () => limit.resolve(known));
  const view = await Promise.race([readMembers(store), limit.promise]).catch(() => known);
  timer.cancel();
  return view;
}
