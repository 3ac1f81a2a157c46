import { isError, stackOf } from '../../errors/thrown-value';
import type { ChaosLevel } from '../chaos/profile/chaos-profile';
import { packError, unpackError } from '../../serialization/error-codec';
import type { RunRecipe } from '../seed-run/run-recipe';
import type { SeedResult } from '../seed-run/seed-result';

/** What a worker of the farm is made for. */
export interface FarmSetting {
  /** The compiled file with the simulation class, as an absolute path. */
  readonly file: string;
  readonly className: string;
  readonly method: string;
  readonly chaos?: ChaosLevel;
  /** Note what runs see, for exploration. */
  readonly discovers?: boolean;
}

/** One run for a worker. */
export interface FarmTask {
  readonly number: number;
  readonly recipe: RunRecipe;
}

/** An error on its way between threads; the stack is kept, for both are ours. */
interface TravellingError {
  readonly record: unknown;
  readonly stack: string | undefined;
}

/** What a worker says when it cannot use its file at all. */
export interface FarmRefusal {
  readonly refused: TravellingError;
}

/** What a worker answers. */
export interface FarmAnswer {
  readonly number: number;
  readonly result: Omit<SeedResult, 'error'>;
  readonly error: TravellingError | undefined;
}

export function toAnswer(number: number, { error, ...result }: SeedResult): FarmAnswer {
  if (error === undefined) return { number, result, error: undefined };
  return { number, result, error: packFailure(error) };
}

export function packFailure(error: unknown): TravellingError {
  return { record: packError(error), stack: isError(error) ? stackOf(error) : undefined };
}

export function unpackFailure({ record, stack }: TravellingError): Error {
  const restored = unpackError(record);
  if (stack !== undefined) restored.stack = stack;
  return restored;
}

export function fromAnswer({ result, error }: FarmAnswer): SeedResult {
  return { ...result, error: error === undefined ? undefined : unpackFailure(error) };
}
