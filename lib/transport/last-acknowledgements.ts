import { Deferred } from '../concurrency/deferred';
import type { TimeProvider } from '../providers/time-provider';
import type { Peer } from './peer';

/** Waits until the reliable messages of all peers were acknowledged, but no longer than so many milliseconds: what was not is given up by whoever closes. */
export async function lastAcknowledgements(peers: Iterable<Peer>, limitMs: number, time: TimeProvider): Promise<void> {
  const unsettled = [...peers].filter((peer) => peer.hasUnacknowledged);
  if (unsettled.length === 0) return;
  const limit = new Deferred<void>();
  const timer = time.schedule(limitMs, () => limit.resolve());
  await Promise.race([Promise.all(unsettled.map((peer) => peer.whenAcknowledged())), limit.promise]);
  timer.cancel();
}
