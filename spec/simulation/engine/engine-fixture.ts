import { eventKind } from '../../../lib/simulation/timeline/event-queue';
import type { NodeLife } from '../../../lib/simulation/timeline/node-life';
import { SimulationEngine, type EngineSetting } from '../../../lib/simulation/engine/simulation-engine';

const TEST = eventKind('spec');

/** An engine whose real clock stands still. */
export function engineOf(seed: number, setting: Partial<EngineSetting> = {}): SimulationEngine {
  return new SimulationEngine({ seed, clock: { now: () => 0 }, ...setting });
}

/** Resolves after the virtual delay. */
export function sleepIn(engine: SimulationEngine, delayMs: number, life?: NodeLife): Promise<void> {
  return new Promise<void>((resolve) => void engine.schedule(delayMs, TEST, life, resolve));
}

/** The error that a promise is rejected with. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('The promise was expected to be rejected.');
}
