/**
 * Runs all promise jobs that are ready, and those that become ready thereby, to the end, without leaving the present turn
 * of the event loop: so no real timer and no real socket can come in between. Node.js has no public function for it;
 * `_tickCallback` is what it calls itself after each callback from outside.
 */
interface ProcessInternals {
  readonly _tickCallback?: () => void;
}

const { _tickCallback: tickCallback } = process as unknown as ProcessInternals;

/** How a world is driven: at once, within one turn of the event loop, or step by step through the public queues. */
export type DriveMode = 'synchronous' | 'hopping';

let testedMode: DriveMode | undefined;

/** True when the promise jobs that a test made were all run by {@link settleNow}. Must not be called from a promise job. */
function settlesSynchronously(): boolean {
  if (tickCallback === undefined) return false;
  let jobs = 0;
  void (async () => {
    for (; jobs < 50; jobs++) await undefined;
  })();
  tickCallback.call(process);
  return jobs === 50;
}

/** Runs all promise jobs to the end. Only in synchronous mode, and never from within a promise job. */
export function settleNow(): void {
  tickCallback?.call(process);
}

/** The next turn of the event loop: a fresh start outside of any promise job. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/**
 * Calls `step` until it returns false; between two calls all promise jobs run to the end. Throws what `step` throws.
 * @param mode for specs; otherwise the fast mode if it passes its self-test on this version of Node.js.
 */
export async function drive(step: () => boolean, mode?: DriveMode): Promise<void> {
  // Test runners call specs from promise jobs, in which nothing can be settled: begin in a turn of its own.
  await nextTurn();
  await new Promise<void>((resolve, reject) => {
    setImmediate(() => {
      testedMode ??= settlesSynchronously() ? 'synchronous' : 'hopping';
      if ((mode ?? testedMode) === 'hopping') {
        hop(step, resolve, reject);
        return;
      }
      try {
        do settleNow();
        while (step());
        resolve();
      } catch (error) {
        reject(error as Error);
      }
    });
  });
}

/**
 * The way through public functions alone. A tick that is queued by a promise job runs when no promise job is left, and
 * jobs that a tick made run before the next one.
 */
function hop(step: () => boolean, resolve: () => void, reject: (error: Error) => void): void {
  const again = (): void => {
    try {
      if (step()) queueMicrotask(() => process.nextTick(again));
      else resolve();
    } catch (error) {
      reject(error as Error);
    }
  };
  queueMicrotask(() => process.nextTick(again));
}
