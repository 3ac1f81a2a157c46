import { Deferred } from '../concurrency/deferred';
import type { TimeProvider } from '../providers/time-provider';
import type { Peer } from './peer';

/** How long the other sides may take to end their connections, in milliseconds: some round trips, and no outage. */
const LAST_READ_MS = 300;

/** Waits until the reliable messages of all peers were acknowledged, but no longer than so many milliseconds: what was not is given up by whoever closes. */
export async function lastAcknowledgements(peers: Iterable<Peer>, limitMs: number, time: TimeProvider): Promise<void> {
  const unsettled = [...peers].filter((peer) => peer.hasUnacknowledged);
  if (unsettled.length > 0)
    await within(
      limitMs,
      unsettled.map((peer) => peer.whenAcknowledged()),
      time,
    );
}

/** Waits until the other sides have ended these connections too, and so have read the last that was sent to them, but no longer than a moment. */
export async function whenEnded(endings: readonly Promise<void>[], time: TimeProvider): Promise<void> {
  if (endings.length > 0) await within(LAST_READ_MS, endings, time);
}

async function within(limitMs: number, all: readonly Promise<void>[], time: TimeProvider): Promise<void> {
  const limit = new Deferred<void>();
  const timer = time.schedule(limitMs, () => limit.resolve());
  await Promise.race([Promise.all(all), limit.promise]);
  timer.cancel();
}
