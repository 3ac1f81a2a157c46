import { MoonpoolError } from '../../errors/moonpool-error';
import type { TimeProvider } from '../../providers/time-provider';
import { drive, type DriveMode } from './settle';
import type { World } from './world';

/** What a run may use up before it is ended as a failure. */
export interface WorldBudget {
  /** Milliseconds of virtual time. Default: 3,600,000, an hour. */
  readonly virtualMs: number;
  /** Events. Default: 20,000,000. */
  readonly events: number;
  /** Milliseconds of real time; the test runner's own limit cannot fire while a world runs. Default: 60,000. */
  readonly realMs: number;
}

export const DEFAULT_WORLD_BUDGET: WorldBudget = { virtualMs: 3_600_000, events: 20_000_000, realMs: 60_000 };

/** How many events pass between two looks at the real clock. */
const EVENTS_PER_LOOK = 4_096;

/** How a world is run. */
export interface RunWorldOptions {
  readonly budget?: Partial<WorldBudget>;
  /** The real clock, for the budget of real time. */
  readonly realTime: TimeProvider;
  /** Looked at after each event; what it throws ends the run. */
  readonly check?: () => void;
  /** Who waits for what, for the report of a deadlock. */
  readonly describeWaits?: () => string;
  readonly mode?: DriveMode;
}

/**
 * Runs the body in the world until it has settled, letting one event after another happen. Rejects with what the body
 * rejected with, with a failure of the world, with an unhandled rejection, SIMULATION_DEADLOCK or SIMULATION_BUDGET_EXCEEDED.
 */
export async function runWorld<T>(world: World, body: () => Promise<T>, options: RunWorldOptions): Promise<T> {
  const budget = { ...DEFAULT_WORLD_BUDGET, ...options.budget };
  const startedAt = options.realTime.now();
  let outcome: { readonly value: T } | { readonly error: unknown } | undefined;
  let hasBegun = false;
  const release = takeOverRejections(world);
  try {
    await drive(() => {
      if (!hasBegun) {
        hasBegun = true;
        body().then(
          (value) => (outcome = { value }),
          (error: unknown) => (outcome = { error }),
        );
        return true;
      }
      options.check?.();
      if (world.failure !== undefined || outcome !== undefined) return false;
      if (!world.step()) throw deadlock(world, options.describeWaits?.());
      refuseExcess(world, budget, startedAt, options.realTime);
      return true;
    }, options.mode);
  } finally {
    release();
  }
  if (world.failure !== undefined) throw world.failure.error;
  if (outcome === undefined) throw new MoonpoolError('SIMULATION_FAILED', { message: 'The world ended before its body did' });
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}

/** While a world runs, a rejection that nobody handles is its failure and nobody else's; test runners have listeners too. */
function takeOverRejections(world: World): () => void {
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  const own = (reason: unknown): void => {
    const message = `A promise was rejected and nobody handled it: ${reason instanceof Error ? reason.message : String(reason)}`;
    world.fail(new MoonpoolError('SIMULATION_FAILED', { message, cause: reason }));
  };
  process.on('unhandledRejection', own);
  return () => {
    process.off('unhandledRejection', own);
    for (const other of others) process.on('unhandledRejection', other);
  };
}

function deadlock(world: World, waits: string | undefined): MoonpoolError {
  const who = waits === undefined || waits === '' ? '' : ` Waiting: ${waits}`;
  return new MoonpoolError('SIMULATION_DEADLOCK', {
    message: `At ${world.now.toFixed(3)} ms nothing is left to happen, and the test still waits.${who}`,
  });
}

function refuseExcess(world: World, budget: WorldBudget, startedAt: number, realTime: TimeProvider): void {
  if (world.now > budget.virtualMs) throw exceeded(`${budget.virtualMs} ms of virtual time`);
  if (world.eventCount > budget.events) throw exceeded(`${budget.events} events`);
  if (world.eventCount % EVENTS_PER_LOOK === 0 && realTime.now() - startedAt > budget.realMs) {
    throw exceeded(`${budget.realMs} ms of real time`);
  }
}

function exceeded(what: string): MoonpoolError {
  return new MoonpoolError('SIMULATION_BUDGET_EXCEEDED', { message: `The run went past ${what}` });
}
