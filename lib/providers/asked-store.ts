import { noAnswer, promised } from '../concurrency/promised';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { StoreOperation } from './store-operations';

/** What is asked of a store, and what its answer must be. */
export interface Question<Answer> {
  readonly operation: StoreOperation;
  /** For messages: `page of deliveries`. */
  readonly what: string;
  readonly isAnswer: (answer: Answer) => boolean;
}

/**
 * Asks a store, which may be anybody's: whoever waits for the answer gets one that can be used, or an error with a code.
 * @throws MoonpoolError as the store says, and STORAGE_UNAVAILABLE when it throws anything else or answers what is no answer.
 */
export async function askStore<Answer>(
  { operation, what, isAnswer }: Question<Answer>,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  try {
    const answer = await promised(ask);
    if (isRight(answer, isAnswer)) return answer;
    throw noAnswer(what, answer);
  } catch (error) {
    if (isMoonpoolError(error)) throw error;
    throw new MoonpoolError('STORAGE_UNAVAILABLE', {
      message: `The store could not ${operation.does}: ${reasonOf(error)}`,
      executed: operation.reads === true ? 'no' : 'maybe',
      cause: error,
    });
  }
}

/** What is looked at may lack the parts that an answer has, or throw when it is asked for them. */
function isRight<Answer>(answer: Answer, isAnswer: (answer: Answer) => boolean): boolean {
  try {
    return isAnswer(answer);
  } catch {
    return false;
  }
}
