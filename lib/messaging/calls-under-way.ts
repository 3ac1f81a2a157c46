import type { TimeProvider } from '../providers/time-provider';

/** How often is looked whether anything is under way, in milliseconds: a process ends once, and calls are not made dearer to tell it of their ends. */
const LOOK_MS = 5;

/**
 * Resolves when nothing is under way any more, or the time is over.
 * @param underWay how many calls are. @param limitMs how long it may take.
 */
export async function untilNothing(underWay: () => number, time: TimeProvider, limitMs: number): Promise<void> {
  const until = time.now() + limitMs;
  while (underWay() > 0) {
    const leftMs = until - time.now();
    if (leftMs <= 0) return;
    await time.sleep(Math.min(LOOK_MS, leftMs));
  }
}
