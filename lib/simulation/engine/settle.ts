import { TickQueue } from './tick-queue';

/** Does the next thing; false when there is no next. Never throws. */
export type Step = () => boolean;

/** Runs a step again and again until it returns false; before each, all promise jobs of the one before have run. */
export type Pump = (step: Step, onError: (error: unknown) => void) => Promise<void>;

/** Node's function that runs all promise jobs and reports unhandled rejections; undefined where it is gone. */
function tickCallback(): (() => void) | undefined {
  const candidate = (process as { _tickCallback?: unknown })._tickCallback;
  return typeof candidate === 'function' ? (candidate as () => void) : undefined;
}

/**
 * Stays inside one turn of the event loop for the whole run, so that no real timer and no real socket can answer in
 * between. It rests on a function of Node that is not documented; {@link canSettleAtOnce} tries it first.
 */
export const settleAtOnce: Pump = (step, onError) =>
  insideMacrotask((resolve) => {
    const drain = tickCallback() as () => void;
    const ticks = new TickQueue(onError);
    ticks.install();
    try {
      do {
        do drain.call(process);
        while (ticks.run());
      } while (step());
    } finally {
      ticks.uninstall();
    }
    resolve();
  });

/**
 * The same by public functions alone, a third slower: a promise job asks for a tick, and Node runs a tick only when no
 * promise job is left. Unhandled rejections are reported at the end of the run.
 */
export const settleByHops: Pump = (step, onError) =>
  insideMacrotask((resolve, reject) => {
    const ticks = new TickQueue(onError);
    const nextTick = ticks.install();
    const hop = () => queueMicrotask(() => nextTick.call(process, turn));
    const turn = () => {
      try {
        if (ticks.run() || step()) {
          hop();
          return;
        }
        ticks.uninstall();
        // Node looks at rejections only once no tick is left.
        setImmediate(resolve);
      } catch (error) {
        ticks.uninstall();
        reject(error);
      }
    };
    hop();
  });

/** The fast way where it works in this process, else the documented one. */
export async function choosePump(): Promise<Pump> {
  return (await canSettleAtOnce()) ? settleAtOnce : settleByHops;
}

/** Tries whether promise jobs and ticks, nested in each other, run to their end before the drain returns. */
export async function canSettleAtOnce(): Promise<boolean> {
  if (tickCallback() === undefined) return false;
  let finished = false;
  let sawFinished = false;
  let steps = 0;
  await settleAtOnce(
    () => {
      if (++steps === 1) {
        void nestedJobs(20).then(() => (finished = true));
        return true;
      }
      sawFinished = finished;
      return false;
    },
    () => undefined,
  );
  return sawFinished;
}

async function nestedJobs(depth: number): Promise<void> {
  for (let job = 0; job < depth; job++) {
    await undefined;
    await new Promise<void>((resolve) => process.nextTick(resolve));
  }
}

/**
 * Calls the function from a callback of the event loop. A test runner may have called us from a promise job, and promise
 * jobs do not run inside a promise job: there, a drain would silently do nothing.
 */
function insideMacrotask(run: (resolve: () => void, reject: (error: unknown) => void) => void): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    setImmediate(() => {
      try {
        run(resolve, reject);
      } catch (error) {
        reject(error);
      }
    });
  });
}

type RejectionListener = (reason: unknown) => void;

/**
 * Takes the place of all listeners for unhandled rejections, the test runner's own among them, which would blame
 * whatever test it believes to be running. Returns the function that gives them back.
 */
export function watchRejections(onRejection: RejectionListener): () => void {
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', onRejection);
  return () => {
    process.removeListener('unhandledRejection', onRejection);
    for (const listener of others) process.on('unhandledRejection', listener);
  };
}
